export { TaskloomHealthIndicator, type TaskloomHealthOptions } from './health/taskloom-health.indicator.js';
