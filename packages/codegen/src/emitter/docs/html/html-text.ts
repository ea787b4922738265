/* The only ways text from a project reaches HTML. */

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text, in an element or in an attribute with quotes. */
export function htmlText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

export function code(text: string): string {
  return `<code>${htmlText(text)}</code>`;
}

/** Something to jump to on the page, by what it is and what it is called. */
export function anchorId(...names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(name).replaceAll("'", '%27')).join('/');
}

/** A link to such a place. The `id` is percent-encoded itself, so its percent signs are encoded once more. */
export function anchorHref(...names: readonly string[]): string {
  return `#${anchorId(...names).replaceAll('%', '%25')}`;
}
