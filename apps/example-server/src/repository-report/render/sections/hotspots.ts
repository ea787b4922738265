import { formatCount } from '../../format-number.js';
import type { Report } from '../../report.js';
import { hotspotScatter } from '../charts/hotspot-scatter.js';
import { meter } from '../charts/meter.js';
import { html, type Html } from '../html.js';
import { htmlTable } from '../html-table.js';
import { pathHtml } from '../path-html.js';
import { card, nothing } from './section.js';

/** Where it hurts most: long files that change often. */
export function hotspots(report: Report): Html {
  const rows = report.hotspots;
  const lead = 'Long files that change often cost the most: each change has to find its way through all of it. Score = commits × lines.';
  if (rows.length === 0) {
    const why =
      report.repository.commit === null ? 'Without a git history there are none to tell.' : 'No file was changed in the time asked for.';
    return card('hotspots', 'Hotspots', lead, nothing(why));
  }
  const hottest = rows[0]?.score ?? 0;
  const table = htmlTable({
    caption: 'Hotspots by score',
    things: 'hotspots',
    openRows: 20,
    rows,
    columns: [
      { head: '#', kind: 'number', cell: (_, index) => index + 1 },
      { head: 'File', kind: 'name', cell: (row) => html`${pathHtml(row.path)}${meter(row.score, hottest)}` },
      { head: 'Commits', kind: 'number', cell: (row) => formatCount(row.commits) },
      { head: 'Lines', kind: 'number', cell: (row) => formatCount(row.lines) },
      { head: 'Score', kind: 'number', cell: (row) => formatCount(row.score), isExtra: true },
      { head: 'Authors', kind: 'number', cell: (row) => formatCount(row.authors), isExtra: true },
    ],
  });
  const chart = rows.filter(({ score }) => score > 0).length > 1 && hotspotScatter(rows);
  return card('hotspots', 'Hotspots', lead, html`${chart}${table}`);
}
