import { formatBytes, formatCount, formatPlural, formatShare } from '../format-number.js';
import type { Report } from '../report.js';
import { markdownCode, markdownTable, markdownText } from './markdown-text.js';

const AUTHORS_MAX = 30;
const TODOS_MAX = 100;

/** The report as Markdown, for a terminal, a pull request or a wiki. Long lists are cut and say so; `report.json` has them whole. */
export function renderMarkdown(report: Report): string {
  const parts = [
    ...opening(report),
    '## What is in it?',
    ...languages(report),
    ...largestFiles(report),
    ...deepLooks(report),
    '## Who knows it?',
    ...authors(report),
    '## Where does it hurt?',
    ...hotspots(report),
    ...risks(report),
    ...todos(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

function opening({ repository, totals, summary }: Report): string[] {
  const facts = [
    ['Directory', markdownCode(repository.root)],
    ['Branch', repository.branch === null ? null : markdownText(repository.branch)],
    ['Commit', repository.commit === null ? null : markdownCode(repository.commit)],
    ['Below the top', repository.subdirectory === null ? null : markdownCode(repository.subdirectory)],
    ['History since', repository.since],
    ['Made', repository.generatedAt],
  ].flatMap(([term, value]) => (value === null ? [] : [`- ${term}: ${value}`]));
  const heads = ['Files:', 'Lines:', 'Size:', 'Commits:', 'Authors:'];
  const numbers = [
    formatCount(totals.files),
    formatCount(totals.lines),
    formatBytes(totals.bytes),
    formatCount(totals.commits),
    formatCount(totals.authors),
  ];
  return [`# ${markdownText(repository.name)}`, markdownText(summary), facts.join('\n'), markdownTable(heads, [numbers])];
}

function languages({ languages: rows, totals }: Report): string[] {
  if (rows.length === 0) return ['There is no text file.'];
  const cells = rows.map((row) => [
    markdownText(row.language),
    formatCount(row.files),
    formatCount(row.lines),
    formatShare(row.lines, totals.lines),
  ]);
  return ['### Languages', markdownTable(['Language', 'Files:', 'Lines:', 'Share:'], cells)];
}

function largestFiles({ largestFiles: rows }: Report): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [markdownCode(row.path), formatCount(row.lines), formatBytes(row.bytes)]);
  return ['### Largest files', markdownTable(['File', 'Lines:', 'Size:'], cells)];
}

function deepLooks({ deepLooks: rows }: Report): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [markdownCode(row.path), formatCount(row.lines), formatCount(row.longestBlockLines)]);
  return ['### Files above 2,000 lines', markdownTable(['File', 'Lines:', 'Longest block:'], cells)];
}

function authors({ authors: rows, repository, totals }: Report): string[] {
  if (rows.length === 0) return [repository.commit === null ? 'There is no git history here.' : 'No commit in the time asked for.'];
  const cells = rows
    .slice(0, AUTHORS_MAX)
    .map((row) => [
      markdownText(row.name || row.email),
      markdownText(row.email),
      formatCount(row.commits),
      formatShare(row.commits, totals.commits),
      row.firstCommit.replace(/T.*$/, ''),
      row.lastCommit.replace(/T.*$/, ''),
    ]);
  const table = markdownTable(['Author', 'E-mail', 'Commits:', 'Share:', 'First', 'Last'], cells);
  return ['### Authors', table, ...leftOut(rows.length - AUTHORS_MAX, 'author')];
}

function hotspots({ hotspots: rows }: Report): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [
    markdownCode(row.path),
    formatCount(row.commits),
    formatCount(row.lines),
    formatCount(row.score),
    formatCount(row.authors),
  ]);
  return ['### Hotspots', 'Score = commits × lines.', markdownTable(['File', 'Commits:', 'Lines:', 'Score:', 'Authors:'], cells)];
}

function risks({ risks: rows }: Report): string[] {
  if (rows.length === 0) return ['### Risks', 'No rule found anything to worry about.'];
  return ['### Risks', rows.map((row) => `- **${row.level}** · ${row.title}: ${markdownText(row.detail)}`).join('\n')];
}

function todos({ todos: rows }: Report): string[] {
  if (rows.length === 0) return [];
  const cells = rows.slice(0, TODOS_MAX).map((row) => [markdownCode(`${row.path}:${row.line}`), row.tag, markdownText(row.text)]);
  const lead = `${formatPlural(rows.length, 'line')} with the word TODO, FIXME, HACK or XXX.`;
  return ['### Unfinished work', lead, markdownTable(['Where', 'Word', 'Text'], cells), ...leftOut(rows.length - TODOS_MAX, 'marker')];
}

function leftOut(count: number, thing: string): string[] {
  return count > 0 ? [`${formatPlural(count, `further ${thing}`)} in report.json.`] : [];
}
