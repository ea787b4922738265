import { formatCount, formatPlural, formatShare } from '../../format-number.js';
import type { Report } from '../../report.js';
import { meter } from '../charts/meter.js';
import { timeSpan, type TimeSpan } from '../charts/time-span.js';
import { html, type Html } from '../html.js';
import { htmlTable } from '../html-table.js';
import { card, day, nothing } from './section.js';

const LISTED_MAX = 100;

/** Who knows it: authors by commits, and when they were active. */
export function people(report: Report): Html {
  const { authors, totals, repository } = report;
  if (authors.length === 0) {
    const why = repository.commit === null ? 'There is no git history here, so nobody can be named.' : 'No commit in the time asked for.';
    return card('authors', 'Authors', null, nothing(why));
  }
  const spans = authors.map((author): TimeSpan => ({ from: Date.parse(author.firstCommit), to: Date.parse(author.lastCommit) }));
  const whole = spans.reduce((a, b) => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }));
  const most = authors[0]?.commits ?? 0;
  const rows = authors.slice(0, LISTED_MAX);
  const table = htmlTable({
    caption: 'Authors by commits',
    things: 'authors',
    openRows: 10,
    rows,
    columns: [
      {
        head: 'Author',
        kind: 'name',
        cell: (row) => html`<bdi>${row.name || row.email}</bdi><span class="sub">${emailHtml(row.email)}</span>`,
      },
      { head: 'Commits', kind: 'number', cell: (row) => formatCount(row.commits) },
      { head: 'Share', kind: 'number', cell: (row) => formatShare(row.commits, totals.commits), isExtra: true },
      { head: html`<span class="unseen">Commits as a bar</span>`, kind: 'bar', cell: (row) => meter(row.commits, most), isExtra: true },
      {
        head: html`Active <span class="range">${yearOf(whole.from)} – ${yearOf(whole.to)}</span>`,
        kind: 'bar',
        cell: (_, index) => timeSpan(spans[index] as TimeSpan, whole),
        isExtra: true,
      },
      { head: 'First', kind: 'text', cell: (row) => day(row.firstCommit), isExtra: true },
      { head: 'Last', kind: 'text', cell: (row) => day(row.lastCommit) },
    ],
  });
  const unlisted = authors.length - rows.length;
  const rest = unlisted > 0 && html`<p class="foot">${formatPlural(unlisted, 'further author')} in report.json.</p>`;
  return card('authors', 'Authors', 'One author is one e-mail address, after .mailmap where there is one.', html`${table}${rest}`);
}

/** An address that breaks before its "@" where the line is too short. */
function emailHtml(email: string): Html {
  const at = email.lastIndexOf('@');
  return at > 0 ? html`<bdi>${email.slice(0, at)}<wbr />${email.slice(at)}</bdi>` : html`<bdi>${email}</bdi>`;
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}
