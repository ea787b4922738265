import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { draftOf, removeLeftDrafts } from './drafts.js';
import { renderHtml } from './render/render-html.js';
import { renderMarkdown } from './render/render-markdown.js';
import { ReportError, systemErrorCode } from './report-error.js';
import type { Report } from './report.js';

/** Absolute paths of the three files of a report. */
export interface ReportFiles {
  readonly json: string;
  readonly markdown: string;
  readonly html: string;
}

/** Where a report into `outDir` goes, whether or not it is there yet. */
export function reportFilesIn(outDir: string): ReportFiles {
  const directory = resolve(outDir);
  return { json: join(directory, 'report.json'), markdown: join(directory, 'report.md'), html: join(directory, 'report.html') };
}

/**
 * Makes the directory of a report where it is missing and proves that files can be written there, so that a long analysis need not end in vain.
 *
 * @throws ReportError OUT_NOT_DIRECTORY or OUT_NOT_WRITABLE
 */
export async function prepareOutDir(outDir: string): Promise<string> {
  const directory = resolve(outDir);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
    return directory;
  } catch (error) {
    throw await explain(directory, error);
  }
}

/**
 * Writes report.json, report.md and report.html into `outDir`. Each file appears whole or not at all: it is written beside its place, brought
 * to the disk and renamed, over an older one if there is one. What a process that was killed while it wrote has left is removed.
 *
 * @throws ReportError OUT_NOT_DIRECTORY or OUT_NOT_WRITABLE
 */
export async function writeReport(outDir: string, report: Report, signal?: AbortSignal): Promise<ReportFiles> {
  const directory = await prepareOutDir(outDir);
  const files = reportFilesIn(directory);
  const contents: [string, string][] = [
    [files.json, `${JSON.stringify(report, null, 2)}\n`],
    [files.markdown, renderMarkdown(report)],
    [files.html, renderHtml(report)],
  ];
  for (const [path, content] of contents) {
    signal?.throwIfAborted();
    await writeWhole(path, content).catch(async (error: unknown) => {
      throw await explain(path, error);
    });
  }
  return files;
}

async function writeWhole(path: string, content: string): Promise<void> {
  const draft = draftOf(path);
  try {
    await removeLeftDrafts(path);
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(content, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function explain(path: string, cause: unknown): Promise<ReportError> {
  const code = systemErrorCode(cause) ?? String(cause);
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new ReportError('OUT_NOT_DIRECTORY', `${path} is not a directory, or a part of it is not.`, { cause });
  }
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const inTheWay = code === 'EISDIR' && isDirectory ? 'a directory has its name' : code;
  return new ReportError('OUT_NOT_WRITABLE', `${path} cannot be written (${inTheWay}).`, { cause });
}
