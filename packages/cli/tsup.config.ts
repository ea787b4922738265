import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

const index = 'src/index.ts';
const preset = tsupPreset({ index, main: 'src/main.ts', 'first-run': 'src/init/first-run.ts', 'try-engine': 'src/doctor/try-engine.ts' });

export default defineConfig({ ...preset, dts: { ...(preset.dts as object), entry: { index } } });
