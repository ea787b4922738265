import { describe, expect, it } from '@jest/globals';
import { reportFromFacts, type ReportFacts } from '../testing/report-from-facts.js';
import { mergeBatches } from '../merge-batches.js';
import type { Report } from '../report.js';
import { exampleAuthor, exampleBatch, exampleText, exampleTodos, exampleTouches } from '../testing/example-parts.js';
import { markdownCode, markdownText } from './markdown-text.js';
import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { visibleText } from './visible-text.js';

const NASTY = '<script>alert(1)</script>"\'`|\n&amp;\u202Egpj.exe\u200B \\*_[x](javascript:y)#~$';

function reportWith(path: string, rows = 3): Report {
  const texts = [exampleText(path, 3000), ...Array.from({ length: rows }, (_, index) => exampleText(`src/f${index}.ts`, 100 + index))];
  const parts: ReportFacts = {
    identity: {
      name: path,
      root: `/${path}`,
      git: 'work-tree',
      commit: 'a'.repeat(40),
      branch: path,
      subdirectory: path,
      shallow: true,
      noHistoryReason: null,
    },
    since: '2024-01-01',
    inventory: mergeBatches([exampleBatch({ texts, todos: exampleTodos(path, rows).map((todo) => ({ ...todo, text: `TODO ${path}` })) })]),
    history: { commits: 10 * rows, authors: Array.from({ length: rows }, (_, index) => exampleAuthor(`${path}${index}@x`)) },
    touches: texts.map((text, index) => exampleTouches(text.path, { commits: index + 5, authors: 1 })),
    deepLooks: [{ path, lines: 3000, longestBlockLines: 1500 }],
    generatedAt: new Date('2024-05-06T07:08:09Z'),
  };
  return reportFromFacts(parts);
}

const emptyReport = reportFromFacts({
  identity: {
    name: 'empty',
    root: '/empty',
    git: 'none',
    commit: null,
    branch: null,
    subdirectory: null,
    shallow: false,
    noHistoryReason: 'no git repository',
  },
  since: null,
  inventory: mergeBatches([]),
  history: null,
  touches: [],
  deepLooks: [],
  generatedAt: new Date(0),
});

describe('the HTML page', () => {
  it('stands alone: no script, no link, nothing to load, and a policy that forbids it', () => {
    const page = renderHtml(reportWith('src/a.ts'));
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|@import|\burl\(|\bon\w+=|<iframe|<img|<link(?! rel="icon" href="data:,")/i);
    expect(
      [...page.matchAll(/\b(?:href|src|xlink:href|action)="([^"]*)"/g)].map(([, to]) => to).filter((to) => !/^(#|data:,$)/.test(to ?? '')),
    ).toEqual([]);
  });

  it('escapes whatever a repository puts into names', () => {
    const plain = tagsOf(renderHtml(reportWith('x')));
    const nasty = renderHtml(reportWith(NASTY));
    expect(nasty).not.toMatch(/<script|\u202e|\u200b|alert\(1\)<\/script/);
    expect(nasty).toContain('&lt;script&gt;alert(1)');
    expect(nasty).toContain('\\n&amp;amp;\\u202Egpj.exe\\u200B');
    // The same elements as with harmless names, but for the line breaks a path allows: nothing broke out of its place.
    expect(tagsOf(nasty)).toEqual(plain);
  });

  it('opens and closes its elements in order', () => {
    for (const page of [renderHtml(reportWith(NASTY, 40)), renderHtml(emptyReport)]) {
      const open: string[] = [];
      for (const [, slash, name, , selfClosing] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
        if (name === undefined || selfClosing === '/') continue;
        if (slash === '/') expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
    }
  });

  it('can be read without seeing it: headings in order, tables with captions and heads, charts with labels, one id each', () => {
    const page = renderHtml(reportWith('src/a.ts', 40));
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(count(page, /<table/g)).toBe(count(page, /<caption/g));
    expect(count(page, /<svg/g)).toBe(count(page, /<svg[^>]*(?:aria-hidden="true"|role="img" aria-label="[^"]+)/g));
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('says in words what is missing', () => {
    const page = renderHtml(emptyReport);
    for (const text of ['There is no text file.', 'There is no git history here', 'No rule found anything', 'No line holds TODO']) {
      expect(page).toContain(text);
    }
  });

  it('stays small for a large report and points to the whole of it', () => {
    const page = renderHtml(reportWith('src/a.ts', 5000));
    expect(page.length).toBeLessThan(400_000);
    expect(page).toContain('4,900 further authors in report.json');
    expect(page).toContain('4,800 further markers in report.json');
  });

  it('is the same for the same report', () => {
    expect(renderHtml(reportWith(NASTY))).toBe(renderHtml(reportWith(NASTY)));
  });
});

describe('the Markdown page', () => {
  it('keeps every table row on one line with the cells of its head', () => {
    const page = renderMarkdown(reportWith(NASTY));
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(20);
    let width = 0;
    let before = '';
    for (const line of page.split('\n')) {
      const cells = line.replace(/\\./g, '').split('|').length;
      if (line.startsWith('|') && !before.startsWith('|')) width = cells;
      if (line.startsWith('|')) expect(cells).toBe(width);
      before = line;
    }
  });

  it('escapes what Markdown or HTML would take for markup', () => {
    expect(markdownText('<b>*a*_b_`c`[d](e)|~f~#$&amp;!')).toBe('\\<b\\>\\*a\\*\\_b\\_\\`c\\`\\[d\\](e)\\|\\~f\\~\\#\\$\\&amp;\\!');
    expect(renderMarkdown(reportWith(NASTY))).not.toMatch(/\u202e|\u200b/);
  });

  it('fences code by more backticks than it holds', () => {
    expect(markdownCode('a.ts')).toBe('`a.ts`');
    expect(markdownCode('a`b``c|d')).toBe('``` a`b``c\\|d ```');
    expect(markdownCode('`')).toBe('`` ` ``');
    expect(markdownCode('a\nb')).toBe('`a\\nb`');
  });

  it('covers a directory with nothing in it', () => {
    expect(renderMarkdown(emptyReport)).toContain('There is no git history here.');
  });
});

describe('making text visible', () => {
  it('writes invisible characters out and leaves letters of all scripts', () => {
    expect(visibleText('a\tb\r\n\0\u2028\u2067\ufeff\u00ad')).toBe('a\\tb\\r\\n\\u0000\\u2028\\u2067\\uFEFF\\u00AD');
    expect(visibleText('größe שלום 名前 🧵')).toBe('größe שלום 名前 🧵');
  });
});

function tagsOf(page: string): string[] {
  return [...page.matchAll(/<\/?[a-z][a-z0-9]*/g)].map(([tag]) => tag).filter((tag) => !/wbr|span/.test(tag));
}

function count(page: string, pattern: RegExp): number {
  return [...page.matchAll(pattern)].length;
}
