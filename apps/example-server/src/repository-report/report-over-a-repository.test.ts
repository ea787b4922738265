import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from './report.js';
import { renderHtml } from './render/render-html.js';
import { renderMarkdown } from './render/render-markdown.js';
import { largeHistory } from './testing/large-history.js';
import { reportWithoutEngine } from './testing/report-without-engine.js';
import { ThrowAwayDirectory } from './testing/throw-away-repository.js';

/**
 * The numbers of a report, each found a second time by `git`, `wc`, `grep`, `sort` and nothing of ours. Runs over a clone of the repository
 * this file lies in and over one made by `git fast-import`; TASKLOOM_TEST_REPOSITORY=/path/to/another adds any other.
 */
const here = dirname(fileURLToPath(import.meta.url));

function topOf(directory: string): string | null {
  try {
    const options = { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'], encoding: 'utf8' as const };
    execFileSync('git', ['rev-parse', '--verify', 'HEAD'], options);
    return execFileSync('git', ['rev-parse', '--show-toplevel'], options).replace(/\n$/, '');
  } catch {
    return null;
  }
}

const cloned = [topOf(here), process.env['TASKLOOM_TEST_REPOSITORY'] ?? null].filter((top) => top !== null);

describe.each([
  ...cloned.map((top) => ({ name: `a clone of ${top}`, top })),
  { name: 'a repository of 2,000 files and 10,000 commits', top: null },
])('a report over $name', ({ top }) => {
  const place = new ThrowAwayDirectory();
  const repository = new ThrowAwayDirectory(place.path('clone'));
  let report: Report;
  let took = 0;

  beforeAll(async () => {
    if (top === null) largeHistory(place, repository.root);
    else place.git(['clone', '--quiet', '--no-hardlinks', top, 'clone']);
    const start = performance.now();
    report = await reportWithoutEngine(repository.root);
    took = performance.now() - start;
  }, 120_000);
  afterAll(() => place.remove());

  /** Runs a shell script with these paths, NUL-terminated, as its input. */
  const shell = (script: string, paths: readonly string[]): string =>
    repository.run('sh', ['-c', script], { input: paths.map((path) => `${path}\0`).join(''), env: { LC_ALL: 'C.UTF-8' } }).toString();
  const regularFiles = (): string[] =>
    repository
      .git(['ls-files', '-z', '--stage'])
      .split('\0')
      .filter((record) => record.startsWith('100'))
      .map((record) => record.slice(record.indexOf('\t') + 1));
  const isBinary = (path: string): boolean => readFileSync(join(repository.root, path)).subarray(0, 8000).includes(0);

  it('fits the schema and has both pages', () => {
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(renderHtml(report).length).toBeGreaterThan(5000);
    expect(renderMarkdown(report).length).toBeGreaterThan(500);
  });

  it('counts files and bytes as git and wc do', () => {
    const paths = regularFiles();
    expect(report.totals.files).toBe(paths.length);
    expect(report.totals.bytes).toBe(Number(shell('xargs -0 cat -- | wc -c', paths)));
  });

  it('counts binary files, and lines as wc does', () => {
    const paths = regularFiles();
    const texts = paths.filter((path) => !isBinary(path));
    expect(report.totals.binaryFiles).toBe(paths.length - texts.length);
    const lineFeeds = Number(shell('xargs -0 cat -- | wc -l', texts));
    const openLines = texts.filter((path) => ![0x0a, undefined].includes(readFileSync(join(repository.root, path)).at(-1))).length;
    expect(report.totals.lines).toBe(lineFeeds + openLines);
    expect(report.languages.reduce((sum, { lines }) => sum + lines, 0)).toBe(report.totals.lines);
    expect(report.languages.reduce((sum, { files }) => sum + files, 0)).toBe(texts.length);
  });

  it('finds the largest files wc finds', () => {
    for (const { path, lines, bytes } of report.largestFiles) {
      const [lineFeeds, size] = shell('xargs -0 cat -- | wc -lc', [path]).trim().split(/\s+/).map(Number);
      const hasOpenLine = shell('xargs -0 cat -- | tail -c1', [path]) !== '\n';
      expect([lines, bytes]).toEqual([(lineFeeds ?? 0) + (hasOpenLine ? 1 : 0), size]);
    }
    const lineCounts = report.largestFiles.map(({ lines }) => lines);
    expect(lineCounts).toEqual([...lineCounts].sort((a, b) => b - a));
  });

  it('counts commits as git rev-list does, and authors as git shortlog does', () => {
    expect(report.totals.commits).toBe(Number(repository.git(['rev-list', '--count', 'HEAD'])));
    const emails = repository.git(['log', '--format=%aE']).trim().split('\n');
    const counts = new Map<string, number>();
    for (const email of emails) counts.set(email, (counts.get(email) ?? 0) + 1);
    expect(new Map(report.authors.map(({ email, commits }) => [email, commits]))).toEqual(counts);
    expect(report.totals.authors).toBe(counts.size);
    expect(report.authors.map(({ commits }) => commits)).toEqual([...counts.values()].sort((a, b) => b - a));
    const times = repository.git(['log', '--format=%at']).trim().split('\n').map(Number);
    const first = times.reduce((a, b) => Math.min(a, b));
    expect(Math.min(...report.authors.map(({ firstCommit }) => Date.parse(firstCommit))) / 1000).toBe(first);
  });

  it('counts the commits of each hotspot as git log does', () => {
    expect(report.hotspots.length).toBeGreaterThan(0);
    for (const { path, commits, lines, score, authors } of report.hotspots) {
      const log = repository.git(['log', '--full-history', '--no-merges', '--no-renames', '--format=%aE', '--', `:(literal)${path}`]);
      const emails = log.trim().split('\n');
      expect({ path, commits, authors }).toEqual({ path, commits: emails.length, authors: new Set(emails).size });
      expect(score).toBe(commits * lines);
    }
  }, 120_000);

  it('finds no file that is hotter than the last hotspot', () => {
    const log = repository.git(['log', '-z', '--no-merges', '--no-renames', '--name-only', '--format=']);
    const commits = new Map<string, number>();
    for (const path of log.split('\0').map((record) => record.replace(/^\n/, ''))) commits.set(path, (commits.get(path) ?? 0) + 1);
    const scores = regularFiles()
      .filter((path) => commits.has(path) && !isBinary(path))
      .map((path) => {
        const pieces = readFileSync(join(repository.root, path), 'latin1').split('\n');
        const lines = pieces.at(-1) === '' ? pieces.length - 1 : pieces.length;
        return (commits.get(path) ?? 0) * lines;
      });
    const best = scores.sort((a, b) => b - a).slice(0, 20);
    expect(report.hotspots.map(({ score }) => score)).toEqual(best);
  });

  // `grep -Z` is GNU's; elsewhere it means something else.
  (process.platform === 'linux' ? it : it.skip)('finds the markers grep finds', () => {
    const texts = regularFiles().filter((path) => !isBinary(path));
    const found = shell("xargs -0 grep -HnZawE 'TODO|FIXME|HACK|XXX' -- /dev/null || true", texts);
    const byGrep = [...found.matchAll(/^([^\0\n]+)\0(\d+):/gm)].map(([, path, line]) => `${path}:${line}`);
    expect(report.todos.map(({ path, line }) => `${path}:${line}`).sort()).toEqual(byGrep.sort());
  });

  it('looks deeper into each file above 2,000 lines', () => {
    const long = report.largestFiles.filter(({ lines }) => lines > 2000);
    expect(report.deepLooks.slice(0, long.length).map(({ path }) => path)).toEqual(long.map(({ path }) => path));
    for (const { lines, longestBlockLines } of report.deepLooks) expect(longestBlockLines).toBeLessThanOrEqual(lines);
  });

  it('limits commits, authors and hotspots by since as git does', async () => {
    const middle = repository
      .git(['log', '--format=%ct'])
      .trim()
      .split('\n')
      .map(Number)
      .sort((a, b) => a - b);
    const since = new Date((middle[Math.floor(middle.length / 2)] ?? 0) * 1000).toISOString();
    const limited = await reportWithoutEngine(repository.root, { since });
    expect(limited.totals.commits).toBe(middle.filter((time) => time * 1000 >= Date.parse(since)).length);
    expect(limited.totals).toMatchObject({ files: report.totals.files, lines: report.totals.lines });
    expect(limited.authors.reduce((sum, { commits }) => sum + commits, 0)).toBe(limited.totals.commits);
  });

  it('says the same a second time', async () => {
    expect(await reportWithoutEngine(repository.root)).toEqual(report);
  });

  it('takes seconds', () => {
    expect(took).toBeLessThan(20_000);
  });
});
