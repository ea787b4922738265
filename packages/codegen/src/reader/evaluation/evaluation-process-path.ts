import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program of the evaluation process; it runs outside this process, so it is found on disk and not imported. */
export function evaluationProcessPath(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  // From `dist` or, in this package's own tests, from `src`.
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'dist', 'evaluation-process.js');
}
