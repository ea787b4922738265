import { isAbsolute, normalize } from 'node:path';

import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../emitter/emitter.js';

/** Files whose paths lead out of the output folder, or that two emitters both want. */
export function findBadPaths(files: readonly EmittedFile[]): Diagnostic[] {
  const seen = new Set<string>();
  return files.flatMap(({ path }) => {
    const normal = normalize(path).replaceAll('\\', '/');
    const escapes = isAbsolute(path) || normal !== path || normal.startsWith('../') || normal === '..' || path.includes('\0');
    if (escapes) return diagnostic('OUTPUT_OUTSIDE', `${JSON.stringify(path)} is no path inside the output folder.`);
    const folded = path.toLowerCase();
    if (seen.has(folded)) return diagnostic('OUTPUT_OUTSIDE', `Two emitters write ${JSON.stringify(path)}.`);
    seen.add(folded);
    return [];
  });
}
