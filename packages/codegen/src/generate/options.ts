import { resolve } from 'node:path';

import { diagnostic, GeneratorError } from '../diagnostics/diagnostic.js';
import { EMITTER_NAMES, isEmitterName, type EmitterName } from '../plugin/emitter-names.js';
import type { GeneratorPlugin } from '../plugin/generator-plugin.js';

/** What users may say. */
export interface GenerateOptions {
  /** Path of the tsconfig. Default `tsconfig.json`. */
  readonly project?: string;
  /** Where generated files go, relative to the tsconfig's directory. Default `src/generated`. */
  readonly outDir?: string;
  /** Longest time, in milliseconds, one module may take to load when schemas are read. Default 30,000. */
  readonly evaluationTimeoutMs?: number;
  /** What to write beyond JSON Schemas and the TypeScript module. Default nothing. */
  readonly emit?: readonly EmitterName[];
  /** Beyond the standard ones; their rules are asked before the standard rules, in the order given. */
  readonly plugins?: readonly GeneratorPlugin[];
}

/** The completed form. Paths are absolute with forward slashes. */
export interface CompletedOptions {
  readonly tsconfigPath: string;
  readonly directory: string;
  readonly outDir: string;
  readonly evaluationTimeoutMs: number;
  /** Each once, in a fixed order. */
  readonly emit: readonly EmitterName[];
  readonly plugins: readonly GeneratorPlugin[];
}

export const DEFAULT_OPTIONS = { project: 'tsconfig.json', outDir: 'src/generated', evaluationTimeoutMs: 30_000 } as const;

export function completeOptions(options: GenerateOptions = {}): CompletedOptions {
  const tsconfigPath = slashed(resolve(options.project ?? DEFAULT_OPTIONS.project));
  const directory = tsconfigPath.slice(0, tsconfigPath.lastIndexOf('/'));
  return {
    tsconfigPath,
    directory,
    outDir: slashed(resolve(directory, options.outDir ?? DEFAULT_OPTIONS.outDir)),
    evaluationTimeoutMs: options.evaluationTimeoutMs ?? DEFAULT_OPTIONS.evaluationTimeoutMs,
    emit: emitterNames(options.emit ?? []),
    plugins: options.plugins ?? [],
  };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** @throws GeneratorError `OPTION_INVALID` */
function emitterNames(names: readonly string[]): readonly EmitterName[] {
  const unknown = names.filter((name) => !isEmitterName(name));
  if (unknown.length > 0) {
    const listed = unknown.map((name) => JSON.stringify(name)).join(', ');
    throw new GeneratorError([diagnostic('OPTION_INVALID', `There is no emitter ${listed}; there are ${EMITTER_NAMES.join(', ')}.`)]);
  }
  return EMITTER_NAMES.filter((name) => names.includes(name));
}
