import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';
import { copyGraphiqlAssets } from './graphiql-assets.js';

// Nest and GraphQL show class names, so they must survive bundling.
export default defineConfig(
  tsupPreset({ index: 'src/index.ts' }, { keepNames: true, onSuccess: () => copyGraphiqlAssets('dist/graphiql') }),
);
