import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createEngine } from '../../src/index.js';
import { loadSqliteDriver } from '../../src/store/sqlite/sqlite-driver.js';
import { TABLES } from '../../src/store/tables/table-names.js';
import { agent, echo } from '../helpers/agents.js';
import { auditDatabase } from '../helpers/audit.js';

/** Of the write-ahead log (https://www.sqlite.org/fileformat2.html#the_write_ahead_log): a header, then a frame for each page written. */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const PAGE_SIZE_AT = 8;
/** A frame that ends a commit says how large the database is then. */
const SIZE_AT = 4;
/** What follows the last frame bears no mark of this log: it is room that was laid out for it. */
const MARK_AT = 16;
const MARK_IN_FRAME_AT = 8;

/** The end of each frame of a log, and whether it ends a commit. */
function framesOf(log: Buffer): { readonly end: number; readonly isCommit: boolean }[] {
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(PAGE_SIZE_AT);
  const mark = log.readBigUInt64BE(MARK_AT);
  const frames: { readonly end: number; readonly isCommit: boolean }[] = [];
  for (let begin = HEADER_BYTES; begin + frameBytes <= log.length; begin += frameBytes) {
    if (log.readBigUInt64BE(begin + MARK_IN_FRAME_AT) !== mark) break;
    frames.push({ end: begin + frameBytes, isCommit: log.readUInt32BE(begin + SIZE_AT) > 0 });
  }
  return frames;
}

describe('a database whose machine loses its power', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-power-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is whole at whatever write the disk had come to: what was lost is the end of the log, never what was flushed (G19)', async () => {
    const path = join(folder, 'jobs.db');
    const grows = agent('grows', async (_: unknown, ctx) => {
      await ctx.step('one', () => 1);
      return [await ctx.need('echo', 'asked for')];
    });
    const engine = createEngine({ store: { path, synchronous: 'FULL' } });
    engine.register(echo, grows);
    await engine.start();
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo', input: 'x'.repeat(10_000) },
        { key: 'b', agent: 'grows', dependsOn: ['a'] },
        { key: 'c', agent: 'echo', input: null, refs: [{ at: '', task: 'b' }] },
      ],
    });
    /** How long the log was when an event had been told; with `FULL` it has been flushed up to there. */
    const told: { readonly seq: number; readonly bytes: number }[] = [];
    for await (const { seq } of handle.events()) told.push({ seq, bytes: framesOf(readFileSync(`${path}-wal`)).at(-1)!.end });
    const room = readFileSync(`${path}-wal`);
    const log = room.subarray(0, framesOf(room).at(-1)!.end);
    // Nothing has gone from the log to the database yet: it is as it was before the first write.
    const driver = await loadSqliteDriver();

    const seqAfter = async (name: string, kept: Buffer): Promise<number> => {
      const copy = join(folder, name, 'jobs.db');
      mkdirSync(join(folder, name));
      copyFileSync(path, copy);
      writeFileSync(`${copy}-wal`, kept);
      const database = new driver(copy);
      const hasJobs = database.prepare(`SELECT 1 FROM sqlite_master WHERE name = ?`).get(TABLES.job);
      const row = hasJobs
        ? (database.prepare(`SELECT last_seq AS seq FROM ${TABLES.job}`).get() as { seq: number } | undefined)
        : undefined;
      expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      database.close();
      if (hasJobs) await auditDatabase(copy);
      rmSync(join(folder, name), { recursive: true, force: true });
      return row ? row.seq : 0;
    };

    const seqs: number[] = [];
    const commits = framesOf(log).filter(({ isCommit }) => isCommit);
    for (const [no, { end }] of commits.entries()) {
      const whole = await seqAfter(`whole-${no}`, log.subarray(0, end));
      const inItsRoom = Buffer.concat([log.subarray(0, end), room.subarray(log.length, log.length + 10_000)]);
      expect(await seqAfter(`in-its-room-${no}`, inItsRoom)).toBe(whole);
      // The next commit, of which half a page has come, and that whose last page is torn.
      const half = await seqAfter(`half-${no}`, log.subarray(0, end + 2_000));
      const torn = Buffer.from(log.subarray(0, end)).fill(0, end - 1_000);
      expect(half).toBe(whole);
      expect(await seqAfter(`torn-${no}`, torn)).toBe(seqs.at(-1) ?? 0);
      expect(whole).toBeGreaterThanOrEqual(seqs.at(-1) ?? 0);
      for (const { seq, bytes } of told) if (bytes <= end) expect(whole).toBeGreaterThanOrEqual(seq);
      seqs.push(whole);
    }
    const { lastSeq } = await handle.status();
    expect(seqs.at(-1)).toBe(lastSeq);
    // Several commits made it, and several events were told before the last one.
    expect(new Set(seqs).size).toBeGreaterThan(4);
    expect(told.filter(({ bytes }) => bytes < log.length).length).toBeGreaterThan(2);
    await engine.stop();
  });
});
