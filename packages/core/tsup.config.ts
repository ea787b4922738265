import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

export default defineConfig(
  tsupPreset({
    index: 'src/index.ts',
    internal: 'src/internal.ts',
    store: 'src/store.ts',
    testing: 'src/testing.ts',
    'store-contract': 'src/store-contract.ts',
  }),
);
