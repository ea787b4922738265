import { formatBytes, formatCount, formatPlural, formatShare } from '../../format-number.js';
import type { Report } from '../../report.js';
import { languageBar, languageColours } from '../charts/language-bar.js';
import { meter } from '../charts/meter.js';
import { html, type Html } from '../html.js';
import { htmlTable } from '../html-table.js';
import { pathHtml } from '../path-html.js';
import { card, nothing } from './section.js';

/** What is in it: languages, largest files, deeper looks. */
export function contents(report: Report): Html {
  return html`<div class="pair">${languages(report)}${largestFiles(report)}</div>
    ${report.deepLooks.length > 0 && deepLooks(report)}`;
}

function languages(report: Report): Html {
  const rows = report.languages;
  const files = rows.reduce((count, row) => count + row.files, 0);
  const lead = rows.length === 0 ? null : `${formatPlural(rows.length, 'language')} in ${formatPlural(files, 'text file')}, by lines.`;
  if (rows.length === 0) return card('languages', 'Languages', lead, nothing('There is no text file.'));
  const colours = languageColours(rows);
  const table = htmlTable({
    caption: 'Languages by lines',
    things: 'languages',
    openRows: 12,
    rows,
    columns: [
      {
        head: 'Language',
        kind: 'name',
        cell: ({ language }) => html`<span class="swatch ${colours.get(language)}" aria-hidden="true"></span>${language}`,
      },
      { head: 'Files', kind: 'number', cell: (row) => formatCount(row.files) },
      { head: 'Lines', kind: 'number', cell: (row) => formatCount(row.lines) },
      { head: 'Share', kind: 'number', cell: (row) => formatShare(row.lines, report.totals.lines) },
    ],
  });
  return card('languages', 'Languages', lead, html`${languageBar(rows)}${table}`);
}

function largestFiles(report: Report): Html {
  const rows = report.largestFiles;
  if (rows.length === 0) return card('largest-files', 'Largest files', null, nothing('There is no text file.'));
  const longest = rows[0]?.lines ?? 0;
  const table = htmlTable({
    caption: 'Largest files by lines',
    things: 'files',
    openRows: 9,
    rows,
    columns: [
      { head: 'File', kind: 'name', cell: (row) => html`${pathHtml(row.path)}${meter(row.lines, longest)}` },
      { head: 'Lines', kind: 'number', cell: (row) => formatCount(row.lines) },
      { head: 'Size', kind: 'number', cell: (row) => formatBytes(row.bytes), isExtra: true },
    ],
  });
  return card('largest-files', 'Largest files', 'By lines; binary files have none.', table);
}

function deepLooks(report: Report): Html {
  const rows = report.deepLooks;
  const longest = rows[0]?.lines ?? 0;
  const table = htmlTable({
    caption: 'Files above 2,000 lines and their longest block',
    things: 'files',
    openRows: 8,
    rows,
    columns: [
      { head: 'File', kind: 'name', cell: (row) => pathHtml(row.path) },
      { head: 'Length, longest block in it', kind: 'bar', cell: (row) => meter(row.lines, longest, row.longestBlockLines), isExtra: true },
      { head: 'Lines', kind: 'number', cell: (row) => formatCount(row.lines) },
      { head: 'Longest block', kind: 'number', cell: (row) => formatCount(row.longestBlockLines) },
    ],
  });
  const lead = 'Files above 2,000 lines, read a second time for the longest run of lines that one brace or indentation holds together.';
  return card('deep-looks', 'A deeper look', lead, table);
}
