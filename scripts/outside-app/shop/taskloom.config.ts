import { defineConfig } from '@taskloom/cli';

export default defineConfig({ emit: ['client', 'docs', 'graphql', 'mcp'] });
