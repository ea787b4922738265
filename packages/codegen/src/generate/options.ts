import { resolve } from 'node:path';

import type { GeneratorPlugin } from '../plugin/generator-plugin.js';

/** What users may say. */
export interface GenerateOptions {
  /** Path of the tsconfig. Default `tsconfig.json`. */
  readonly project?: string;
  /** Where generated files go, relative to the tsconfig's directory. Default `src/generated`. */
  readonly outDir?: string;
  /** Longest time, in milliseconds, one module may take to load when schemas are read. Default 30,000. */
  readonly evaluationTimeoutMs?: number;
  /** Beyond the standard ones; their rules are asked before the standard rules, in the order given. */
  readonly plugins?: readonly GeneratorPlugin[];
}

/** The completed form. Paths are absolute with forward slashes. */
export interface CompletedOptions {
  readonly tsconfigPath: string;
  readonly directory: string;
  readonly outDir: string;
  readonly evaluationTimeoutMs: number;
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
    plugins: options.plugins ?? [],
  };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
