import { OTHER } from '../../files/language-table.js';
import { formatCount, formatShare } from '../../format-number.js';
import type { LanguageTotal } from '../../report.js';
import { html, type Html } from '../html.js';
import { percent } from './meter.js';

/** Colours that tell neighbours apart; later languages, and `Other`, share a grey. */
const COLOURS = 8;
const GREY = 'c0';

/** The class that gives each language its colour, in the bar and in the table beside it. */
export function languageColours(languages: readonly LanguageTotal[]): ReadonlyMap<string, string> {
  const named = languages.filter(({ language }) => language !== OTHER.name).slice(0, COLOURS);
  const coloured = new Map(named.map(({ language }, index) => [language, `c${index + 1}`]));
  return new Map(languages.map(({ language }) => [language, coloured.get(language) ?? GREY]));
}

/** One bar for the whole of the text, parted by language; all grey ones are one part at its end. */
export function languageBar(languages: readonly LanguageTotal[]): Html {
  const colours = languageColours(languages);
  const whole = languages.reduce((lines, language) => lines + language.lines, 0);
  const named = languages.filter(({ language, lines }) => colours.get(language) !== GREY && lines > 0);
  const rest = whole - named.reduce((lines, language) => lines + language.lines, 0);
  const others = rest > 0 ? [{ language: 'all others', lines: rest }] : [];
  let before = 0;
  const parts = [...named, ...others].map(({ language, lines }) => {
    const x = percent(before, whole);
    before += lines;
    return html`<rect class="${colours.get(language) ?? GREY}" x="${x}" width="${percent(lines, whole)}" height="28">
      <title>${language}: ${formatCount(lines)} lines (${formatShare(lines, whole)})</title>
    </rect>`;
  });
  const label = [...named, ...others].map(({ language, lines }) => `${language} ${formatShare(lines, whole)}`).join(', ');
  return html`<svg class="language-bar" width="100%" height="28" role="img" aria-label="Lines by language: ${label}">${parts}</svg>`;
}
