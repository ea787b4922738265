import { TODO_TAGS } from '../../files/text-scanner.js';
import { formatCount, formatPlural } from '../../format-number.js';
import type { Report } from '../../report.js';
import { meter } from '../charts/meter.js';
import { html, type Html } from '../html.js';
import { htmlTable } from '../html-table.js';
import { pathHtml } from '../path-html.js';
import { card, nothing } from './section.js';

const LISTED_MAX = 200;

/** What people left to be done: markers by word, by file, and one by one. */
export function markers(report: Report): Html {
  const { todos } = report;
  if (todos.length === 0) return card('markers', 'Unfinished work', null, nothing('No line holds TODO, FIXME, HACK or XXX.'));
  const byTag = TODO_TAGS.map((tag) => ({ tag, count: todos.filter((todo) => todo.tag === tag).length }));
  const most = Math.max(...byTag.map(({ count }) => count));
  const words = html`<dl class="words">
    ${byTag.map(
      ({ tag, count }) =>
        html`<div>
          <dt>${tag}</dt>
          <dd class="bar">${meter(count, most)}</dd>
          <dd class="number">${formatCount(count)}</dd>
        </div>`,
    )}
  </dl>`;
  const table = htmlTable({
    caption: 'Lines with a marker, by file',
    things: 'markers',
    openRows: 8,
    rows: todos.slice(0, LISTED_MAX),
    columns: [
      { head: 'Where', kind: 'name', cell: (row) => html`${pathHtml(row.path)}<span class="line">:${row.line}</span>` },
      { head: 'Text', kind: 'text', cell: (row) => html`<bdi class="quote">${row.text}</bdi>` },
    ],
  });
  const unlisted = todos.length - LISTED_MAX;
  const rest = unlisted > 0 && html`<p class="foot">${formatPlural(unlisted, 'further marker')} in report.json.</p>`;
  const lead = `${formatPlural(todos.length, 'line')} with the word TODO, FIXME, HACK or XXX.`;
  return card('markers', 'Unfinished work', lead, html`${words}${table}${rest}`);
}
