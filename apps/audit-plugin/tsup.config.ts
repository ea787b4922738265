import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

export default defineConfig(tsupPreset({ index: 'src/index.ts' }));
