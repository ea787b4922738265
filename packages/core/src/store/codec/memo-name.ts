import type { MemoKind } from '../../model/event.js';

/** Names of steps, sleeps and questions share a column; the kind before the name keeps them apart. */
export function memoName(kind: MemoKind, name: string): string {
  return `${kind} ${name}`;
}

export function parseMemoName(text: string): { readonly kind: MemoKind; readonly name: string } {
  const space = text.indexOf(' ');
  return { kind: text.slice(0, space) as MemoKind, name: text.slice(space + 1) };
}
