import { z } from 'zod';
import { mapLimited } from '../map-limited.js';
import { ReportError } from '../report-error.js';
import { languageOf } from './language-of.js';
import { measureFile, type FileMeasure } from './measure-file.js';
import { TODO_TAGS } from './text-scanner.js';

/** How many files one batch may hold. */
export const BATCH_MAX_FILES = 200;

/** Markers of one batch take at most this much as JSON, some 4,000 of them; the rest is only counted, so that an answer stays small. */
const TODOS_MAX_BYTES = 600_000;
const FILES_AT_ONCE = 8;

export const TextFile = z.object({
  path: z.string(),
  language: z.string(),
  lines: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
});

export type TextFile = z.infer<typeof TextFile>;

export const BinaryFile = z.object({ path: z.string(), bytes: z.number().int().nonnegative() });

export type BinaryFile = z.infer<typeof BinaryFile>;

export const UnreadableFile = z.object({
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  reason: z.string().describe('The code of the system, such as EACCES.'),
});

export type UnreadableFile = z.infer<typeof UnreadableFile>;

export const Todo = z.object({
  path: z.string(),
  line: z.number().int().positive(),
  tag: z.enum(TODO_TAGS).describe('The first marker on that line.'),
  text: z.string().describe('The line, trimmed, cut to 160 characters around the marker.'),
});

export type Todo = z.infer<typeof Todo>;

/** What a batch of files holds. Each path asked for is in exactly one of the four lists, in the order asked for. */
export const BatchStats = z.object({
  texts: z.array(TextFile),
  binaries: z.array(BinaryFile),
  unreadable: z.array(UnreadableFile).describe('There, but not to be read: they count as files and bytes only.'),
  gone: z.array(z.string()).describe('Deleted since they were listed, or no regular files any more: they do not count.'),
  todos: z.array(Todo),
  todosLeftOut: z.number().int().nonnegative().describe('Markers not listed because the batch has thousands of them.'),
});

export type BatchStats = z.infer<typeof BatchStats>;

export interface Batch {
  /** Absolute path of the directory. */
  readonly root: string;
  /** At most 200 paths below it. */
  readonly paths: readonly string[];
}

/**
 * Measures the files of one batch. A file that went away meanwhile or cannot be read is reported in the answer and harms nothing else.
 *
 * @throws ReportError BATCH_TOO_LARGE, PATH_OUTSIDE_ROOT
 */
export async function analyseBatch({ root, paths }: Batch, signal?: AbortSignal): Promise<BatchStats> {
  if (paths.length > BATCH_MAX_FILES) {
    throw new ReportError('BATCH_TOO_LARGE', `A batch holds at most ${BATCH_MAX_FILES} files, not ${paths.length}.`);
  }
  const measures = await mapLimited(paths, FILES_AT_ONCE, async (path) => measureFile(root, path, signal), signal);
  const stats: BatchStats = { texts: [], binaries: [], unreadable: [], gone: [], todos: [], todosLeftOut: 0 };
  let todosBytes = 0;
  for (const [index, measure] of measures.entries()) {
    const path = paths[index] as string;
    switch (measure.kind) {
      case 'text':
        stats.texts.push({ path, language: languageOf(path).name, lines: measure.lines, bytes: measure.bytes });
        todosBytes = addTodos(stats, todosBytes, path, measure);
        break;
      case 'binary':
        stats.binaries.push({ path, bytes: measure.bytes });
        break;
      case 'unreadable':
        stats.unreadable.push({ path, bytes: measure.bytes, reason: measure.reason });
        break;
      case 'gone':
        stats.gone.push(path);
        break;
    }
  }
  return stats;
}

/** Lists a file's markers while there is room; gives the room taken so far, in bytes. */
function addTodos(stats: BatchStats, bytesBefore: number, path: string, text: FileMeasure & { kind: 'text' }): number {
  let bytes = bytesBefore;
  for (const mark of text.todos) {
    const todo = { path, ...mark };
    bytes += Buffer.byteLength(JSON.stringify(todo));
    if (bytes <= TODOS_MAX_BYTES) stats.todos.push(todo);
    else stats.todosLeftOut += 1;
  }
  stats.todosLeftOut += text.todosLeftOut;
  return bytes;
}
