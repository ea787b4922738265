import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../src/repository-report/report.js';
import type { ThrowAwayDirectory } from '../src/repository-report/testing/throw-away-repository.js';
import { readReport, useSharedWorkplace } from './support/workplace.js';

jest.setTimeout(120_000);

/** The name git gives to a tree without entries, everywhere. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

/** Two packages as their authors published them, committed by several people over several years, with what happens to files in such a time. */
function fillWithOthersWork(repository: ThrowAwayDirectory): void {
  const take = (name: string, to: string): void =>
    cpSync(join(packages, name), repository.path(to), { recursive: true, dereference: true });
  const by = (author: string, email: string, at: string): Parameters<typeof repository.commit>[0] => ({
    author,
    email,
    authoredAt: at,
    message: `by ${author}`,
  });
  take('graphql', 'vendor/graphql');
  repository.commit(by('Grace Hopper', 'grace@navy.example', '2019-03-01T08:00:00+05:30'));
  take('zod/src', 'lib/zod');
  repository.commit(by('Ada', 'ada@example.com', '2020-06-01T23:30:00-08:00'));
  repository.run('sh', ['-c', 'cat vendor/graphql/LICENSE >> vendor/graphql/README.md; printf "no line end" >> vendor/graphql/LICENSE']);
  repository.commit(by('Ada Lovelace', 'ADA@example.com', '2020-07-01T00:00:00Z'));
  repository.git(['switch', '--quiet', '--create', 'side']);
  repository.git(['rm', '--quiet', '-r', 'vendor/graphql/jsutils']);
  repository.git(['mv', 'vendor/graphql/README.md', 'vendor/graphql/READ ME.md']);
  repository.commit(by('名前', 'namae@example.jp', '2021-01-01T00:00:00+09:00'));
  repository.git(['switch', '--quiet', 'main']);
  repository.run('sh', [
    '-c',
    'for file in lib/zod/v4/core/*.ts; do tail -n 3 "$file" >> "$file.tail" && mv "$file.tail" "$file.end"; done',
  ]);
  repository.run('sh', ['-c', 'gzip -c vendor/graphql/index.js > archive.gz; ln -s LICENSE vendor/graphql/link; : > empty.txt']);
  repository.commit(by('Grace Hopper', 'grace@navy.example', '2021-02-01T00:00:00Z'));
  repository.merge('side', by('Grace Hopper', 'grace@navy.example', '2021-03-01T00:00:00Z'));
  repository.run('sh', ['-c', 'for file in lib/zod/v4/classic/*.ts; do echo "// the end" >> "$file"; done']);
  repository.write('.mailmap', 'Ada Lovelace <ada@example.com> <ADA@example.com>\nAda Lovelace <ada@example.com>\n');
  repository.commit(by('Linus', 'linus@example.fi', '2024-05-05T05:05:05+02:00'));
}

describe('the numbers of a report over work of others, each found a second time by git, wc, awk and grep', () => {
  const place = useSharedWorkplace();
  let repository: ThrowAwayDirectory;
  let report: Report;
  let tracked: string[];
  let texts: string[];

  /** What a shell script prints, which reads these paths, NUL-terminated. */
  const shell = (script: string, paths: readonly string[]): string =>
    repository.run('sh', ['-c', script], { input: paths.map((path) => `${path}\0`).join(''), env: { LC_ALL: 'C' } }).toString();
  /** Lines of each file that has any; the last one counts though it has no line end. */
  const linesByPath = (paths: readonly string[]): Map<string, number> => {
    const printed = shell(`xargs -0 awk '{ lines[FILENAME]++ } END { for (name in lines) print lines[name] "\\t" name }'`, paths);
    return new Map(
      printed
        .split('\n')
        .slice(0, -1)
        .map((line) => [line.slice(line.indexOf('\t') + 1), Number.parseInt(line, 10)]),
    );
  };
  const gitLines = (...args: readonly string[]): string[] => repository.git(args).split('\n').slice(0, -1);

  beforeAll(async () => {
    repository = place.repository();
    fillWithOthersWork(repository);
    expect(await place.run([repository.root, '--once', '--out', place.outDir])).toMatchObject({ code: 0, errors: '' });
    report = readReport(place.outDir);
    // 100644 and 100755 are files; 120000 is a symbolic link.
    tracked = repository
      .git(['ls-files', '-z', '--stage'])
      .split('\0')
      .filter((record) => record.startsWith('100'))
      .map((record) => record.slice(record.indexOf('\t') + 1));
    // git, too, takes a file with a NUL among its first 8,000 bytes for binary, and then counts no lines.
    const changes = repository.git(['diff', '-z', '--numstat', '--no-renames', EMPTY_TREE, 'HEAD']).split('\0');
    const binary = new Set(changes.filter((record) => record.startsWith('-\t-\t')).map((record) => record.slice(4)));
    texts = tracked.filter((path) => !binary.has(path));
  });

  it('has something to count', () => {
    expect(tracked.length).toBeGreaterThan(400);
    expect(texts).toHaveLength(tracked.length - 1);
    expect(report.todos.length).toBeGreaterThan(10);
    expect(report.deepLooks.length).toBeGreaterThan(1);
    expect(report.risks.length).toBeGreaterThan(0);
  });

  it('files and bytes', () => {
    expect(report.totals.files).toBe(tracked.length);
    expect(report.totals.bytes).toBe(Number(shell('xargs -0 cat -- | wc -c', tracked)));
    expect(report.totals.binaryFiles).toBe(1);
  });

  it('lines, in all and by language', () => {
    const lines = linesByPath(texts);
    const linesOf = (pattern: RegExp): number =>
      texts.filter((path) => pattern.test(path)).reduce((sum, path) => sum + (lines.get(path) ?? 0), 0);
    const counted = new Map(report.languages.map((language) => [language.language, language.lines]));
    expect(report.totals.lines).toBe(linesOf(/^/));
    expect(counted.get('TypeScript')).toBe(linesOf(/\.[cm]?ts$/));
    expect(counted.get('JavaScript')).toBe(linesOf(/\.[cm]?js$/));
    expect(counted.get('Markdown')).toBe(linesOf(/\.md$/));
    expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBe(report.totals.lines);
    expect(report.languages.reduce((sum, { files }) => sum + files, 0)).toBe(texts.length);
    expect([...counted.values()]).toEqual([...counted.values()].sort((a, b) => b - a));
  });

  it('the largest files, and those above 2,000 lines', () => {
    const byLines = [...linesByPath(texts)].sort(([a, m], [b, n]) => n - m || Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(report.largestFiles.map(({ path, lines }) => [path, lines])).toEqual(byLines.slice(0, 20));
    for (const { path, bytes } of report.largestFiles) expect(bytes).toBe(Number(shell('xargs -0 cat -- | wc -c', [path])));
    const long = byLines.filter(([, lines]) => lines > 2000);
    expect(report.deepLooks.map(({ path, lines }) => [path, lines])).toEqual(long);
    for (const [path] of long) expect(report.risks.some(({ detail }) => detail.includes(path))).toBe(true);
  });

  it('commits and authors, after .mailmap', () => {
    expect(report.totals.commits).toBe(Number(repository.git(['rev-list', '--count', 'HEAD'])));
    expect(report.repository).toMatchObject({ commit: repository.git(['rev-parse', 'HEAD']).trim(), branch: 'main' });
    const shortlog = gitLines('shortlog', '--summary', '--numbered', '--email', 'HEAD').map((line) => line.trim());
    expect(report.authors.map(({ name, email, commits }) => `${commits}\t${name} <${email}>`).sort()).toEqual(shortlog.sort());
    expect(report.totals.authors).toBe(shortlog.length);
    for (const { email, firstCommit, lastCommit } of report.authors) {
      const times = gitLines('log', '--use-mailmap', '--format=%at %aE')
        .filter((line) => line.endsWith(` ${email}`))
        .map((line) => Number.parseInt(line, 10) * 1000);
      expect([firstCommit, lastCommit].map((time) => Date.parse(time))).toEqual([Math.min(...times), Math.max(...times)]);
    }
  });

  it('the hotspots: commits that touched each path without merges, times its lines; none is hotter', () => {
    const lines = linesByPath(texts);
    const touched = repository.git(['log', '-z', '--no-merges', '--no-renames', '--name-only', '--format=']).split('\0');
    const commits = new Map<string, number>();
    for (const record of touched) commits.set(record.replace(/^\n/, ''), (commits.get(record.replace(/^\n/, '')) ?? 0) + 1);
    const scores = texts
      .map((path) => ({ path, commits: commits.get(path) ?? 0, score: (commits.get(path) ?? 0) * (lines.get(path) ?? 0) }))
      .filter(({ commits: count }) => count > 0)
      .sort((a, b) => b.score - a.score || Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
    expect(report.hotspots.map(({ path, commits: count, score }) => ({ path, commits: count, score }))).toEqual(scores.slice(0, 20));
    for (const { path, commits: count } of report.hotspots) {
      expect(count).toBe(
        Number(repository.git(['rev-list', '--count', '--no-merges', '--full-history', 'HEAD', '--', `:(literal)${path}`])),
      );
    }
    // A path that was moved begins anew, one that is gone does not count.
    expect(report.hotspots.every(({ path }) => tracked.includes(path))).toBe(true);
  });

  it('the markers', () => {
    const found = shell(`xargs -0 grep -H -n -a -w -E 'TODO|FIXME|HACK|XXX' -- /dev/null || true`, texts).split('\n').slice(0, -1);
    const byGrep = found.map((line) => /^(.*?):(\d+):.*?\b(TODO|FIXME|HACK|XXX)\b/.exec(line)?.slice(1).join(':') ?? line);
    expect(report.todos.map(({ path, line, tag }) => `${path}:${line}:${tag}`).sort()).toEqual(byGrep.sort());
  });

  it('the summary: the top language, hotspot and author', () => {
    expect(report.summary.length).toBeLessThanOrEqual(1200);
    for (const name of [report.languages[0]?.language, report.hotspots[0]?.path, report.authors[0]?.name])
      expect(report.summary).toContain(name);
  });
});
