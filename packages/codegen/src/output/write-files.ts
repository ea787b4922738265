import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { diagnostic, GeneratorError } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../emitter/emitter.js';
import type { OutputDifference } from './compare-files.js';

/**
 * Brings the output folder to what it should hold. Everything is written beside its place first and moved there when all
 * of it is written, so that a full disk or a missing permission changes nothing, and a reader never sees half a file.
 *
 * @throws GeneratorError `OUTPUT_NOT_WRITABLE`
 */
export function writeFiles(outDir: string, files: readonly EmittedFile[], difference: OutputDifference): void {
  const due = new Set([...difference.missing, ...difference.changed]);
  const staged: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const { path, text } of files) {
      if (!due.has(path)) continue;
      const to = join(outDir, path);
      const from = `${to}.${process.pid}.tmp`;
      mkdirSync(dirname(to), { recursive: true });
      staged.push({ from, to });
      writeFileSync(from, text);
    }
    for (const { from, to } of staged) renameSync(from, to);
    for (const path of difference.orphaned) remove(outDir, path);
  } catch (error) {
    for (const { from } of staged) rmSync(from, { force: true });
    throw new GeneratorError([diagnostic('OUTPUT_NOT_WRITABLE', `${outDir} cannot be written: ${(error as Error).message}`)]);
  }
}

/** Removes a file, and the folder it leaves empty. */
function remove(outDir: string, path: string): void {
  rmSync(join(outDir, path), { force: true });
  const folder = dirname(path);
  if (folder === '.') return;
  try {
    rmdirSync(join(outDir, folder));
  } catch {
    // Something else is in it.
  }
}
