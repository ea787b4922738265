import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { hashOf } from './file-stamp.js';

/** Tells one build of the generator from another, released or not: what another build wrote is not trusted. */
export function generatorBuild(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  const programs = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .sort();
  return hashOf(programs.map((name) => `${name} ${hashOf(readFileSync(join(folder, name)))}`).join('\n'));
}
