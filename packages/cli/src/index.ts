export { defineConfig, type TaskloomConfig } from './config/config.js';
