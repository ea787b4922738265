import { defineConfig } from '@taskloom/cli';

export default defineConfig({ emit: ['docs', 'graphql'] });
