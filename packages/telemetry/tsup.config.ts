import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tsup.preset.js';

export default defineConfig(tsupPreset({ opentelemetry: 'src/opentelemetry/index.ts', prometheus: 'src/prometheus/index.ts' }));
