import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Report } from '../src/repository-report/report.js';
import type { Ending } from './support/server.js';
import { fillSmallRepository, textOf } from './support/small-repository.js';
import { readState, type StoredJob } from './support/state.js';
import { readReport, reportByHand, useSharedWorkplace, useWorkplace, type Workplace } from './support/workplace.js';

jest.setTimeout(120_000);

/** Runs to the end and gives the report, which must be the one that the bare functions give. */
async function reportOn(
  place: Workplace,
  root: string,
  args: readonly string[] = [],
  env = {},
): Promise<{ report: Report; ending: Ending }> {
  const ending = await place.run([root, '--once', '--out', place.outDir, '--port', '0', ...args], { env });
  expect(ending).toMatchObject({ code: 0, errors: '' });
  const report = readReport(place.outDir);
  expect(report.repository.root).toBe(root);
  expect(report).toEqual(await reportByHand(report, place.outDir));
  return { report, ending };
}

describe('a run with --once', () => {
  const place = useSharedWorkplace();
  let report: Report;
  let ending: Ending;
  let job: StoredJob;

  beforeAll(async () => {
    const { root } = fillSmallRepository(place.repository('small repository'));
    // As continuous integration runs it: it says it has colours, but this is a pipe.
    ({ report, ending } = await reportOn(place, root, [], { CI: 'true', TERM: 'xterm-256color' }));
    [job] = readState(place.cwd) as [StoredJob];
  });

  it('writes the three files, one of them a page that loads nothing', () => {
    expect(readdirSync(place.outDir).sort()).toEqual(['report.html', 'report.json', 'report.md']);
    expect(readFileSync(join(place.outDir, 'report.html'), 'utf8')).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\/|@import|url\(/i);
    expect(readFileSync(join(place.outDir, 'report.md'), 'utf8')).toContain('small repository');
  });

  it('says in the report what is there', () => {
    expect(report.repository).toMatchObject({ name: 'small repository', branch: 'main' });
    expect(report.totals).toMatchObject({ files: 5, commits: 4, authors: 2, binaryFiles: 1 });
    expect(report.summary).toMatch(/TypeScript.*Ada.*src\/main\.ts/s);
  });

  it('prints the address, the tasks, the summary and where the files lie', () => {
    const said = ending.output.split('\n');
    expect(said[0]).toMatch(/^GraphQL {2}http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    expect(said[1]).toBe(`Job ${job.id}`);
    expect(said).toContain('completed Inventory › List the files: There are 5 files to look at.');
    expect(said.slice(said.indexOf('Summary'))).toEqual([
      'Summary',
      report.summary,
      '',
      'Report',
      `  ${join(place.outDir, 'report.html')}`,
      `  ${join(place.outDir, 'report.md')}`,
      `  ${join(place.outDir, 'report.json')}`,
      '',
    ]);
  });

  it('writes plain lines into a pipe: no colours, nothing that steers a terminal', () => {
    expect(ending.output.match(/[^\P{Cc}\n]/gu)).toBeNull();
  });

  it('runs as objective › stories › tasks › subtasks', () => {
    const below = (parent: string | null): string[] =>
      job.tasks.filter((task) => task.parent === parent).map(({ key, type }) => `${type} ${key}`);
    expect(below(null)).toEqual(['OBJECTIVE objective']);
    expect(below('objective')).toEqual(['STORY inventory', 'STORY history', 'STORY risks', 'STORY report']);
    expect(below('inventory')).toEqual(['TASK identify', 'TASK list-files', 'TASK analyse']);
    expect(below('analyse')).toEqual(['SUBTASK analyse.1']);
  });

  it('is never taken for the next one: the same command makes a new job', async () => {
    const again = await reportOn(place, report.repository.root);
    expect(again.ending.output).not.toMatch(/continuing/i);
    expect(again.report).toEqual({ ...report, repository: { ...report.repository, generatedAt: again.report.repository.generatedAt } });
    const [first, second, ...rest] = readState(place.cwd);
    expect([first?.status, second?.status, rest]).toEqual(['COMPLETED', 'COMPLETED', []]);
    expect(second?.id).not.toBe(first?.id);
  });
});

describe('the report with --once is that of the bare functions', () => {
  const place = useWorkplace();

  it('over where one stands without git: no history, with the reason; its own report and state do not count', async () => {
    const directory = place.directory('no git');
    directory.write('a.ts', `${textOf(10)}// FIXME: soon\n`);
    directory.write('.gitignore', 'hidden/\n');
    directory.write('hidden/b.ts', textOf(500));
    directory.write('node_modules/c/index.js', textOf(500));
    const outDir = directory.path('taskloom-report');
    const first = await place.run(['--once'], { cwd: directory.root });
    expect(first.output).toMatch(/^skipped {3}History › Read the commits: There is no history to read: no git repository\.$/m);
    const before = readReport(outDir);
    expect(before).toEqual(await reportByHand(before, outDir));
    expect(before).toMatchObject({ repository: { commit: null, branch: null }, authors: [], hotspots: [] });
    expect(before.totals).toMatchObject({ files: 2, lines: 12, commits: 0, authors: 0 });
    expect(before.summary).toContain('No history: no git repository.');
    const [job] = readState(directory.root);
    const statusOf = (key: string): string | undefined => job?.tasks.find((task) => task.key === key)?.status;
    expect(['commits', 'touches', 'history', 'risks', 'report'].map(statusOf)).toEqual([
      'SKIPPED',
      'SKIPPED',
      'SKIPPED',
      'COMPLETED',
      'COMPLETED',
    ]);

    expect(await place.run(['--once'], { cwd: directory.root })).toMatchObject({ code: 0 });
    const after = readReport(outDir);
    expect({ ...after, repository: null }).toEqual({ ...before, repository: null });
  });

  it('over an empty directory', async () => {
    const { report } = await reportOn(place, place.directory('empty').root);
    expect(report).toMatchObject({ totals: { files: 0, lines: 0, bytes: 0 }, languages: [], largestFiles: [], todos: [], risks: [] });
  });

  it('over a repository without a commit, where git does not see the state that is kept', async () => {
    const repository = place.repository();
    repository.write('a.c', textOf(2));
    repository.git(['add', 'a.c']);
    expect(await place.run(['--once', '--out', place.outDir], { cwd: repository.root })).toMatchObject({ code: 0, errors: '' });
    const report = readReport(place.outDir);
    expect(report).toEqual(await reportByHand(report, place.outDir));
    expect(report).toMatchObject({ repository: { commit: null, branch: 'main' }, totals: { files: 1, commits: 0 } });
    expect(report.summary).toContain('no commit yet');
    expect(existsSync(repository.path('.taskloom', 'taskloom.db'))).toBe(true);
    expect(repository.git(['status', '--porcelain'])).toBe('A  a.c\n');
  });

  it('over a detached HEAD: with the commit, without a branch', async () => {
    const repository = fillSmallRepository(place.repository());
    const hash = repository.git(['rev-parse', 'HEAD~1']).trim();
    repository.git(['checkout', '--quiet', '--detach', hash]);
    const { report } = await reportOn(place, repository.root);
    expect(report.repository).toMatchObject({ commit: hash, branch: null });
    expect(report.totals.commits).toBe(2);
  });

  it('--since a date: it limits commits, authors and hotspots, not files', async () => {
    const since = '2024-04-01T12:00:00+02:00';
    const { report } = await reportOn(place, fillSmallRepository(place.repository()).root, ['--since', since]);
    expect(report.repository.since).toBe(since);
    expect(report.totals).toMatchObject({ commits: 2, files: 5 });
    expect(report.authors.map(({ name, commits }) => `${name} ${commits}`)).toEqual(['Ada 2']);
    expect(report.hotspots.map(({ path, commits }) => `${path} ${commits}`)).toEqual(['src/side.py 1']);
  });

  it('over paths with spaces, quotes, newlines and every script, of the root as of its files', async () => {
    const repository = place.repository(`odd "root" 'with'\nnewline größe 名前`);
    const paths = ['with space.ts', `quote"s and 'ticks'.py`, 'new\nline.md', 'größe/名前.go', '-rf', '$HOME.sh', '🧵.js', 'back\\slash.c'];
    for (const [index, path] of paths.entries()) repository.write(path, `${textOf(index + 1)}// HACK ${index}\n`);
    repository.write(Buffer.from('raw-\xff.txt', 'latin1'), 'not UTF-8\n');
    repository.commit();
    const { report, ending } = await reportOn(place, repository.root);
    expect(report.largestFiles.map(({ path }) => path).sort()).toEqual([...paths, 'raw-\\xFF.txt'].sort());
    expect(report.hotspots.map(({ commits }) => commits)).toEqual(Array(9).fill(1));
    expect(report.todos).toHaveLength(paths.length);
    expect(report.repository.name).toBe(basename(repository.root));
    // A name with a newline makes no second line.
    expect(ending.output).toMatch(/^completed Report on odd "root" 'with' newline größe 名前$/m);
  });

  it('over more than 400 files: in batches of at most 200, each a task; a file above 2,000 lines is looked into deeper, which its batch asks for', async () => {
    const repository = place.repository();
    for (let index = 0; index < 450; index++) repository.write(`part-${index % 7}/file-${index}.ts`, textOf(1 + (index % 20)));
    repository.write('a/long.ts', `function long() {\n${textOf(2100, '  call();')}}\n`);
    repository.write('a/exactly.ts', textOf(2000));
    repository.commit();
    const { report } = await reportOn(place, repository.root);
    expect(report.totals.files).toBe(452);
    expect(report.deepLooks).toEqual([{ path: 'a/long.ts', lines: 2102, longestBlockLines: 2102 }]);
    const [job] = readState(place.cwd);
    const added = job?.tasks
      .filter(({ origin }) => origin !== 'plan')
      .map(({ key, type, parent, origin, status }) => `${origin} ${type} ${key} below ${parent} ${status}`);
    expect(added).toEqual([
      'map SUBTASK analyse.1 below analyse COMPLETED',
      'map SUBTASK analyse.2 below analyse COMPLETED',
      'map SUBTASK analyse.3 below analyse COMPLETED',
      'need SUBTASK analyse.1.look-deeper below analyse.1 COMPLETED',
    ]);
  });
});
