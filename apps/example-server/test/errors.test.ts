import { describe, expect, it, jest } from '@jest/globals';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import type { Ending } from './support/server.js';
import { fillSmallRepository, textOf } from './support/small-repository.js';
import { readState } from './support/state.js';
import { readReport, useWorkplace } from './support/workplace.js';

jest.setTimeout(120_000);

const place = useWorkplace();
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** One sentence or two for a person: no stack, no code of ours, no colours, and nothing on the screen before. */
function expectSentence({ output, errors }: Ending, wanted: RegExp): void {
  expect(errors).toMatch(wanted);
  expect(errors).not.toMatch(/\n\s+at |node:internal|[^\P{Cc}\n]|Error:/u);
  expect(errors.trim().split('\n\n')[0]?.split('\n')).toHaveLength(1);
  expect(output).toBe('');
}

describe('a command line that makes no sense', () => {
  it.each<[string[], RegExp]>([
    [['--bogus'], /--bogus/],
    [['--port', 'abc'], /--port abc: a port is a whole number from 0 to 65535\./],
    [['--port', '70000'], /70000/],
    [['--since', 'yesterday'], /--since: "yesterday" is not an ISO date or time\. Give a date as 2025-01-31/],
    [['a', 'b'], /One path at most/],
    [['--out'], /--out/],
    [[''], /empty/],
  ])('%j ends with 2 and a sentence, and leaves nothing', async (args, wanted) => {
    const ending = await place.run(args);
    expect(ending.code).toBe(2);
    expectSentence(ending, wanted);
    expect(ending.errors).toContain('--help');
    expect(readdirSync(place.cwd)).toEqual([]);
  });

  it('--help says what can be given, and ends with 0', async () => {
    const ending = await place.run(['--help']);
    expect(ending).toMatchObject({ code: 0, errors: '' });
    expect(ending.output).toMatch(/^Usage: npm start -- \[PATH\]/);
    expect(readdirSync(place.cwd)).toEqual([]);
  });
});

describe('a report that cannot be made', () => {
  it.each<[string, () => string[], RegExp]>([
    ['no such directory', () => [place.path('nowhere')], /^There is no directory .*nowhere\. Give the path of an existing directory\.$/m],
    ['a file for a directory', () => [file('a file')], /a file is not a directory\. Give the path of a directory, not of a file\./],
    ['a name with control characters', () => [place.path('no\u001B[31m\nwhere')], /no \[31m where/],
    ['a file where the report should go', () => [place.cwd, '--out', file('taken')], /taken is not a directory.*--out DIR/],
    ['a report below a file', () => [place.cwd, '--out', `${file('taken')}/below`], /is not a directory.*--out DIR/],
  ])('%s: ends with 1 and a sentence with what helps, and leaves nothing', async (_, args, wanted) => {
    const ending = await place.run([...args(), '--once']);
    expect(ending.code).toBe(1);
    expectSentence(ending, wanted);
    expect(readdirSync(place.cwd)).toEqual([]);
  });

  it('reports where it may not write or read are refused for a user who may not', async () => {
    const closed = place.directory('closed');
    closed.write('a.txt', 'a\n');
    mkdirSync(place.path('closed out'));
    for (const path of [closed.root, place.path('closed out')]) chmodSync(path, 0o500);
    chmodSync(place.path(), 0o755);
    // To root everything is open: then somebody else tries.
    const user = isRoot ? { uid: NOBODY } : {};
    if (isRoot) chownSync(place.cwd, NOBODY, NOBODY);
    else chmodSync(closed.root, 0o000);
    const unreadable = await place.run([closed.root, '--once'], user);
    expect(unreadable.code).toBe(1);
    expectSentence(unreadable, /closed cannot be read \(EACCES\)\. Give this user the right to read and enter the directory/);
    const unwritable = await place.run([place.cwd, '--once', '--out', place.path('closed out')], user);
    expect(unwritable.code).toBe(1);
    expectSentence(unwritable, /closed out cannot be written \(EACCES\)\. Give a directory this user may write to \(--out DIR\)/);
    expect(readdirSync(place.cwd)).toEqual([]);
    chmodSync(closed.root, 0o700);
  });

  it('a state folder that cannot be made is told with what helps', async () => {
    writeFileSync(`${place.cwd}/.taskloom`, 'in the way');
    const ending = await place.run([place.cwd, '--once', '--out', place.outDir]);
    expect(ending.code).toBe(1);
    expectSentence(ending, /^State cannot be kept in .*\.taskloom \(EEXIST\)\. Run it where this user may write/);
  });

  it('a root that goes away while it is looked at: ends with 1, says which task failed and why', async () => {
    const repository = fillSmallRepository(place.repository());
    const git = place.holdGit(repository.root, 'ls-files');
    const server = place.start([repository.root, '--once', '--out', place.outDir], { env: git.env });
    await git.reached();
    repository.remove();
    git.open();
    const ending = await server.ended;
    expect(ending.code).toBe(1);
    expect(ending.errors).toMatch(/^The report could not be made\. .*\n(?: {2}.+: .+\n)+$/m);
    expect(ending.errors).not.toMatch(/\n\s+at /);
    expect(existsSync(`${place.outDir}/report.json`)).toBe(false);
  });
});

describe('a state folder with something else in it', () => {
  it('a file that is no database: ends with 1 and a sentence, and the file is left as it is', async () => {
    const content = 'x'.repeat(4096);
    mkdirSync(`${place.cwd}/.taskloom`);
    writeFileSync(`${place.cwd}/.taskloom/taskloom.db`, content);
    const ending = await place.run([place.cwd, '--once', '--out', place.outDir]);
    expect(ending.code).toBe(1);
    expectSentence(ending, /taskloom\.db cannot be opened: file is not a database/);
    expect(readFileSync(`${place.cwd}/.taskloom/taskloom.db`, 'utf8')).toBe(content);
  });
});

describe('a port', () => {
  let taken: NetServer;
  const takePort = async (port: number): Promise<number> => {
    taken = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve, reject) => taken.once('listening', resolve).once('error', reject));
    return (taken.address() as AddressInfo).port;
  };
  const freePort = async (): Promise<void> => new Promise((resolve) => taken.close(() => resolve()));

  it('that is taken ends with 2 and a remedy, whether or not with --once, and leaves nothing', async () => {
    const port = await takePort(0);
    try {
      for (const once of [[], ['--once']]) {
        const ending = await place.run([place.cwd, '--out', place.outDir, '--port', String(port), ...once]);
        expect(ending.code).toBe(2);
        expectSentence(ending, new RegExp(`Port ${port} is taken\\. Give another with --port, or --port 0 for any\\.`));
      }
      expect([readdirSync(place.cwd), existsSync(place.outDir)]).toEqual([[], false]);
    } finally {
      await freePort();
    }
  });

  it('is chosen freely with --once when the usual one is taken', async () => {
    const directory = place.directory('plain');
    directory.write('a.txt', textOf(1));
    // Whoever has it: this test or something else on this machine.
    const isOurs = await takePort(4000).then(
      () => true,
      () => false,
    );
    try {
      const ending = await place.run([directory.root, '--once', '--out', place.outDir]);
      expect(ending).toMatchObject({ code: 0, errors: '' });
      expect(ending.output).toMatch(/^GraphQL {2}http:\/\/127\.0\.0\.1:(?!4000\/)\d+\/graphql$/m);
    } finally {
      if (isOurs) await freePort();
    }
  });
});

describe('a second server on the same state', () => {
  it('is refused with what helps, and the first one is not disturbed', async () => {
    const repository = fillSmallRepository(place.repository());
    const git = place.holdGit(repository.root, 'diff-tree');
    const first = place.start([repository.root, '--once', '--out', place.outDir], { env: git.env });
    await git.reached();
    const second = await place.run([repository.root, '--once', '--out', place.path('other out')], { env: git.env });
    expect(second.code).toBe(1);
    expectSentence(second, /Another process is using the database .*taskloom\.db\. Stop the other process, or /);
    git.open();
    expect(await first.ended).toMatchObject({ code: 0, errors: '' });
    expect(readReport(place.outDir).totals.files).toBe(5);
    expect(readState(place.cwd)).toHaveLength(1);
  });
});

describe('whoever reads the output', () => {
  it('may stop reading: the report is made all the same', async () => {
    const { root } = fillSmallRepository(place.repository());
    const server = place.start([root, '--once', '--out', place.outDir]);
    await server.says(/^GraphQL/);
    server.stopReading();
    expect(await server.ended).toMatchObject({ code: 0, errors: '' });
    expect(readReport(place.outDir).totals.files).toBe(5);
  });
});

/** A file that stands where something else is wanted. */
function file(name: string): string {
  writeFileSync(place.path(name), 'text\n');
  expect(readFileSync(place.path(name), 'utf8')).toBe('text\n');
  return place.path(name);
}
