import { visibleText } from './visible-text.js';

/** A piece of HTML that is safe to put into a page as it is. `html` makes them; nothing from a repository may be given to the constructor. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What may stand in a template: HTML as it is, text and numbers escaped, nothing for null, false and undefined, lists joined. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

/**
 * Template tag that escapes every value put into it, within text and within quoted attributes. What is not an `Html` cannot become markup,
 * whatever it holds; invisible characters in it are written out.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((markup, fixed, index) => markup + toMarkup(parts[index - 1]) + fixed));
}

function toMarkup(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(visibleText(String(part)));
  return part.map(toMarkup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
