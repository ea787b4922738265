import { basename, join } from 'node:path';

import type { Json } from '@taskloom/core';

import { compileErrors } from './compile.js';

export interface LiteralCheck {
  readonly folder: string;
  readonly value: Json;
  /** Whether the compiler should accept the value where the case's `Input` is wanted. */
  readonly fits: boolean;
}

/** What the compiler says otherwise of values as literals: one line each. */
export function literalErrors(tsconfigPath: string, checks: readonly LiteralCheck[]): string[] {
  const files: { [path: string]: string } = {};
  for (const folder of new Set(checks.map((check) => check.folder))) {
    const lines = checks
      .filter((check) => check.folder === folder)
      .map(
        ({ value, fits }, index) => `${fits ? '' : '// @ts-expect-error '}\nexport const value${index}: Input = ${JSON.stringify(value)};`,
      );
    files[join(folder, 'literals.ts')] = [`import type { Input } from './type.js';`, ...lines, ''].join('\n');
  }
  return compileErrors(tsconfigPath, files)
    .map((line) => line.replace(/^.*\/([^/]+\/[^/]+\.ts:)/, '$1'))
    .filter((line) => line.includes(`literals.ts`) || line.includes(basename(tsconfigPath)));
}
