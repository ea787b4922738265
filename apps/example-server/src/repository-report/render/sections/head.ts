import { formatBytes, formatCount } from '../../format-number.js';
import type { Report } from '../../report.js';
import { html, type Html, type HtmlPart } from '../html.js';

/** The top of the page: which repository, in which state, the summary, and the five numbers. */
export function head(report: Report): Html {
  const { repository, totals, summary } = report;
  const facts: [string, HtmlPart][] = [
    ['Branch', repository.branch],
    ['Commit', repository.commit && html`<code title="${repository.commit}">${repository.commit.slice(0, 10)}</code>`],
    ['Below the top', repository.subdirectory],
    ['History since', repository.since],
    ['Made', html`<time datetime="${repository.generatedAt}">${minuteOf(repository.generatedAt)}</time>`],
    ['Directory', html`<code class="root">${repository.root}</code>`],
  ];
  const numbers: [string, string, string][] = [
    ['Files', formatCount(totals.files), totals.binaryFiles > 0 ? `${formatCount(totals.binaryFiles)} binary` : 'all text'],
    ['Lines', formatCount(totals.lines), 'of text'],
    ['Size', formatBytes(totals.bytes), 'on disk'],
    ['Commits', formatCount(totals.commits), spanOf(report)],
    ['Authors', formatCount(totals.authors), halfOf(report)],
  ];
  return html`<header class="head">
    <p class="over">Repository report</p>
    <h1><bdi>${repository.name}</bdi></h1>
    <p class="summary">${sentenceWithoutName(summary, repository.name)}</p>
    <dl class="facts">
      ${facts
        .filter(([, value]) => value !== null && value !== '')
        .map(
          ([term, value]) =>
            html`<div>
              <dt>${term}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
    </dl>
    <dl class="numbers">
      ${numbers.map(
        ([term, value, note]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
            <dd class="note">${note}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

/** "2025-01-31T10:20:30.000Z" → "2025-01-31 10:20 UTC". */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The heading says the name already. */
function sentenceWithoutName(summary: string, name: string): string {
  return summary.startsWith(`${name}: `) ? summary.slice(name.length + 2) : summary;
}

function spanOf({ authors }: Report): string {
  if (authors.length === 0) return 'no history';
  const first = authors.map((author) => author.firstCommit).reduce((a, b) => (Date.parse(a) < Date.parse(b) ? a : b));
  const last = authors.map((author) => author.lastCommit).reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b));
  const [from, to] = [yearOf(first), yearOf(last)];
  return from === to ? `in ${from}` : `${from} – ${to}`;
}

function yearOf(iso: string): string {
  return String(new Date(iso).getUTCFullYear());
}

/** How few people made half of all commits. */
function halfOf({ authors, totals }: Report): string {
  if (authors.length === 0) return 'no history';
  let commits = 0;
  const people = authors.findIndex((author) => (commits += author.commits) * 2 >= totals.commits) + 1;
  if (authors.length === 1) return 'made it all';
  return people === 1 ? 'half by one person' : `half by ${formatCount(people)} people`;
}
