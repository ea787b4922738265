import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HEADER } from '../emitter/text/header.js';
import { hashOf } from './file-stamp.js';

/** A file that should be there, by its path in the output folder and its whole text, or the text's hash. */
export type WantedFile = { readonly path: string } & ({ readonly text: string } | { readonly hash: string });

/** How the output folder differs from what it should hold. Paths are relative to it, in byte order. */
export interface OutputDifference {
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Files that the generator wrote once and that no longer belong to anything. */
  readonly orphaned: readonly string[];
}

export function isSame(difference: OutputDifference): boolean {
  return difference.missing.length + difference.changed.length + difference.orphaned.length === 0;
}

export function compareFiles(outDir: string, files: readonly WantedFile[]): OutputDifference {
  const missing: string[] = [];
  const changed: string[] = [];
  for (const file of files) {
    const present = readText(join(outDir, file.path));
    if (present === null) missing.push(file.path);
    else if ('text' in file ? present !== file.text : hashOf(present) !== file.hash) changed.push(file.path);
  }
  const wanted = new Set(files.map(({ path }) => path));
  const orphaned = listFiles(outDir, '').filter((path) => !wanted.has(path) && isGenerated(join(outDir, path)));
  return { missing: missing.sort(), changed: changed.sort(), orphaned: orphaned.sort() };
}

/** Only what carries the header was ours; anything else in the folder is left alone. */
function isGenerated(path: string): boolean {
  return readText(path)?.slice(0, 400).includes(HEADER) ?? false;
}

function listFiles(outDir: string, folder: string): string[] {
  try {
    return readdirSync(join(outDir, folder), { withFileTypes: true }).flatMap((item) => {
      const path = folder === '' ? item.name : `${folder}/${item.name}`;
      return item.isDirectory() ? listFiles(outDir, path) : item.isFile() ? [path] : [];
    });
  } catch {
    return [];
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
