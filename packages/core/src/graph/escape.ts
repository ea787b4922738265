import { withoutHidden } from '../kernel/hidden-text.js';

/** Text inside a quoted DOT string (https://graphviz.org/docs/attr-types/escString/): quotes, backslashes and entities stand for themselves. */
export function escapeDot(text: string): string {
  return drawable(text).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/**
 * Text inside a quoted Mermaid label: everything that Mermaid or the HTML it makes could read as syntax becomes an entity.
 * `%` begins a directive even inside a label, and `ﬂ` what Mermaid itself puts in place of entities while it works.
 */
export function escapeMermaid(text: string): string {
  return drawable(text)
    .replaceAll('#', '#35;')
    .replaceAll('&', '#38;')
    .replaceAll('"', '#quot;')
    .replaceAll('%', '#37;')
    .replaceAll('ﬂ', '#64258;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('`', '#96;')
    .replaceAll('\\', '#92;');
}

/** Characters that XML forbids beside those that are hidden. */
const NOT_DRAWN = /[\uFFFE\uFFFF]/g;

/** One line of whole characters that every drawing can hold, and that shows all it says. */
export function drawable(text: string): string {
  return withoutHidden(text.toWellFormed()).replace(NOT_DRAWN, ' ').replace(/\s+/g, ' ').trim();
}

/** The beginning of a text as one line, cut between characters; `chars` counts code points. */
export function shorten(text: string, chars: number): string {
  // No more is looked at than can be needed: the text may be large.
  const characters = [...drawable(text.slice(0, chars * 8))];
  return characters.length <= chars && text.length <= chars * 8 ? characters.join('') : `${characters.slice(0, chars - 1).join('')}…`;
}

/** What a task is called in a drawing: its name, or its key where the name is blank. */
export function nameOf({ name, key }: { readonly name: string; readonly key: string }): string {
  return drawable(name) || key;
}
