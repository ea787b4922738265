import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

export default defineConfig(tsupPreset({ main: 'src/main.ts' }, { keepNames: true, dts: false }));
