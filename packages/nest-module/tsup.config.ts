import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';
import { copyGraphiqlAssets } from './graphiql-assets.js';

// Nest and GraphQL show class names, so they must survive bundling. `print-api-schema` is for write-schema.mjs and not exported.
export default defineConfig(
  tsupPreset(
    { index: 'src/index.ts', terminus: 'src/terminus.ts', testing: 'src/testing.ts', 'print-api-schema': 'src/print-api-schema.ts' },
    { keepNames: true, onSuccess: () => copyGraphiqlAssets('dist/graphiql') },
  ),
);
