import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

export default defineConfig(tsupPreset({ index: 'src/index.ts', manifest: 'src/manifest.ts' }));
