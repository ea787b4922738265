import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The absolute path of a file of this repository. */
export const pathOf = (...parts) => join(root, ...parts);

/** The text of a file of this repository. */
export const read = (path) => readFileSync(pathOf(path), 'utf8');
