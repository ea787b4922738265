import type { BatchStats, BinaryFile, TextFile, Todo, UnreadableFile } from './files/analyse-batch.js';
import type { FileList } from './files/list-files.js';
import { compareInByteOrder } from './paths/byte-order.js';
import type { LanguageTotal } from './report.js';

/** What all files of a repository amount to: the batches put together, in an order that does not depend on how they were cut or finished. */
export interface Inventory {
  readonly files: number;
  readonly lines: number;
  /** Of all files, binary and unreadable ones too. */
  readonly bytes: number;
  /** By lines descending, then by name. */
  readonly languages: LanguageTotal[];
  /** The lists below are by path. */
  readonly texts: TextFile[];
  readonly binaries: BinaryFile[];
  readonly unreadable: UnreadableFile[];
  /** By path, then line. */
  readonly todos: Todo[];
  readonly todosLeftOut: number;
  readonly closedDirectories: FileList['closed'];
}

/** Puts the batches together. `closedDirectories` are those the listing could not look into. */
export function mergeBatches(batches: readonly BatchStats[], closedDirectories: FileList['closed'] = []): Inventory {
  const texts = batches.flatMap((batch) => batch.texts).sort(byPath);
  const binaries = batches.flatMap((batch) => batch.binaries).sort(byPath);
  const unreadable = batches.flatMap((batch) => batch.unreadable).sort(byPath);
  return {
    files: texts.length + binaries.length + unreadable.length,
    lines: sum(texts, (file) => file.lines),
    bytes: sum(texts, sizeOf) + sum(binaries, sizeOf) + sum(unreadable, sizeOf),
    languages: languageTotals(texts),
    texts,
    binaries,
    unreadable,
    todos: batches.flatMap((batch) => batch.todos).sort((a, b) => byPath(a, b) || a.line - b.line),
    todosLeftOut: sum(batches, (batch) => batch.todosLeftOut),
    closedDirectories,
  };
}

function languageTotals(texts: readonly TextFile[]): LanguageTotal[] {
  const totals = new Map<string, LanguageTotal>();
  for (const { language, lines } of texts) {
    const total = totals.get(language) ?? { language, files: 0, lines: 0 };
    totals.set(language, { language, files: total.files + 1, lines: total.lines + lines });
  }
  return [...totals.values()].sort((a, b) => b.lines - a.lines || compareInByteOrder(a.language, b.language));
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareInByteOrder(a.path, b.path);
}

function sizeOf(file: { readonly bytes: number }): number {
  return file.bytes;
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}
