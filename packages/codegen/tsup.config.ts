import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

const index = 'src/index.ts';
const preset = tsupPreset({
  index,
  run: 'src/run.ts',
  // Programs of their own: what reads schemas, and the hooks that Node loads into another thread there.
  'evaluation-process': 'src/reader/evaluation/process/evaluation-process.ts',
  'evaluation-hooks': 'src/reader/evaluation/process/load-hooks.ts',
});

export default defineConfig({ ...preset, dts: { ...(preset.dts as object), entry: { index, run: 'src/run.ts' } } });
