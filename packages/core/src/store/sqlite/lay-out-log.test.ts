import { copyFileSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';

import { afterEach, describe, expect, it } from '@jest/globals';

import { useLab } from '../../../test/helpers/lab.js';
import { openWriter, type OpenDatabase, type Synchronous } from './open-database.js';
import { loadSqliteDriver } from './sqlite-driver.js';

const ROOM = 2 ** 30;
const LITTLE_ROOM = 2 ** 20;
/** 8,000 pages of 4 KiB, the header of each, and that of the log (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). */
const WHOLE = 32 + 8_000 * (24 + 4_096);

const lab = useLab();
const opened: OpenDatabase[] = [];
afterEach(async () => {
  for (const { dataSource } of opened.splice(0)) await dataSource.destroy();
});

async function open(path: string, synchronous: Synchronous = 'FULL', room = ROOM): Promise<OpenDatabase> {
  const database = await openWriter(await loadSqliteDriver(), path, synchronous, room);
  opened.push(database);
  return database;
}

const logOf = (path: string): number => statSync(`${path}-wal`).size;

/** What a process that dies now leaves behind. */
function leave(path: string, copy: string): string {
  for (const ending of ['', '-wal']) copyFileSync(path + ending, copy + ending);
  return copy;
}

function note({ handle }: OpenDatabase, no: number): void {
  handle.exec('CREATE TABLE IF NOT EXISTS note (no)');
  handle.prepare('INSERT INTO note VALUES (?)').run(no);
}

const notesOf = ({ handle }: OpenDatabase): unknown[] => handle.prepare('SELECT no FROM note').all();

describe('the write-ahead log of a database that survives the loss of power', () => {
  it('has all its room on the disk from the start, so that no commit makes it longer', async () => {
    const path = lab.path();
    const database = await open(path);
    expect(logOf(path)).toBe(WHOLE);
    expect(readFileSync(`${path}-wal`).every((byte) => byte === 0)).toBe(true);

    note(database, 1);
    expect(logOf(path)).toBe(WHOLE);
    expect(notesOf(database)).toEqual([{ no: 1 }]);
  });

  it('has it again after each start', async () => {
    const path = lab.path();
    note(await open(path), 1);
    await opened.pop()!.dataSource.destroy();

    const again = await open(path);
    expect(logOf(path)).toBe(WHOLE);
    expect(notesOf(again)).toEqual([{ no: 1 }]);
    expect(again.handle.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('is left as it is where a process died that had given it its room', async () => {
    const path = lab.path();
    note(await open(path), 1);
    const copy = leave(path, lab.path('copy.db'));
    const log = readFileSync(`${copy}-wal`);

    const again = await open(copy);
    expect(readFileSync(`${copy}-wal`).equals(log)).toBe(true);
    expect(notesOf(again)).toEqual([{ no: 1 }]);
  });

  it('keeps what it holds where a process died that had not', async () => {
    const path = lab.path();
    note(await open(path, 'NORMAL'), 1);
    const copy = leave(path, lab.path('copy.db'));
    expect(logOf(copy)).toBeGreaterThan(0);

    const again = await open(copy);
    expect(logOf(copy)).toBe(WHOLE);
    expect(notesOf(again)).toEqual([{ no: 1 }]);
  });

  it('is left alone while another program reads what it holds', async () => {
    const path = lab.path();
    const first = await open(path, 'NORMAL');
    note(first, 1);
    const Driver = await loadSqliteDriver();
    const program = new Driver(path, { readonly: true });
    program.exec('BEGIN');
    program.prepare('SELECT no FROM note').all();
    note(first, 2);
    await opened.pop()!.dataSource.destroy();

    const again = await open(path);
    expect(logOf(path)).toBeLessThan(WHOLE);
    expect(notesOf(again)).toEqual([{ no: 1 }, { no: 2 }]);
    program.close();
  });

  it('has it where the database really is, when its path is a link', async () => {
    const path = lab.path();
    const link = `${path}.link`;
    await open(path);
    await opened.pop()!.dataSource.destroy();
    symlinkSync(path, link);
    await open(link);
    expect(logOf(path)).toBe(WHOLE);
    expect(existsSync(`${link}-wal`)).toBe(false);
  });

  it('does not exist in memory', async () => {
    const database = await open(':memory:');
    note(database, 1);
    expect(notesOf(database)).toEqual([{ no: 1 }]);
    expect(existsSync(':memory:-wal')).toBe(false);
  });

  it.each([
    ['the disk has little room', 'FULL', LITTLE_ROOM],
    ['no commit waits for the disk', 'NORMAL', ROOM],
  ] as const)('grows as it is needed where %s', async (_, synchronous, room) => {
    const path = lab.path();
    await open(path, synchronous, room);
    expect(logOf(path)).toBeLessThan(WHOLE / 10);
  });
});
