import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EmittedFile } from '../emitter/emitter.js';
import { HEADER } from '../emitter/text/header.js';

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

export function compareFiles(outDir: string, files: readonly EmittedFile[]): OutputDifference {
  const missing: string[] = [];
  const changed: string[] = [];
  for (const { path, text } of files) {
    const present = readText(join(outDir, path));
    if (present === null) missing.push(path);
    else if (present !== text) changed.push(path);
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
