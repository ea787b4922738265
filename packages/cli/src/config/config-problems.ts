import { EMITTER_NAMES, isEmitterName } from '@taskloom/codegen/run';
import { nearest } from '@taskloom/core/internal';

import type { TaskloomConfig } from './config.js';

type Check = (value: unknown) => string | null;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? null : 'must be a text');
const amount: Check = (value) => (Number.isInteger(value) && Number(value) > 0 ? null : 'must be a whole number above 0');

const CHECKS: { readonly [Key in keyof Required<TaskloomConfig>]: Check } = {
  project: text,
  outDir: text,
  database: text,
  url: text,
  evaluationTimeoutMs: amount,
  port: (value) => (amount(value) === null && Number(value) < 65_536 ? null : 'must be a port from 1 to 65535'),
  emit: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === 'string' && isEmitterName(name))
      ? null
      : `must be a list of ${EMITTER_NAMES.map((name) => `'${name}'`).join(', ')}`,
  plugins: (value) => (Array.isArray(value) && value.every(isPlugin) ? null : 'must be a list of plugins, made with defineGeneratorPlugin'),
};

/** Everything that is wrong with a configuration, each as a sentence. */
export function configProblems(config: unknown): string[] {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return ['It must export the configuration as its default.'];
  return Object.entries(config).flatMap(([key, value]) => {
    if (!Object.hasOwn(CHECKS, key)) {
      const [meant] = nearest(key, Object.keys(CHECKS));
      return `There is no option "${key}"${meant === undefined ? '.' : `; did you mean "${meant}"?`}`;
    }
    const problem = value === undefined ? null : CHECKS[key as keyof TaskloomConfig](value);
    return problem === null ? [] : `\`${key}\` ${problem}.`;
  });
}

function isPlugin(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}
