import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EventType, EventView } from '@taskloom/core';
import * as fc from 'fast-check';

import type { AuditEntry } from './audit-entry.js';
import { AuditTrail } from './audit-trail.js';
import { parseAuditOptions } from './options.js';

jest.setTimeout(60_000);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Logs of jobs as an engine has them. */
class Logs {
  private readonly logs = new Map<string, EventView[]>();
  /** How often somebody has looked something up. */
  reads = 0;

  grow(jobId: string, type: EventType, at: number): void {
    const log = this.of(jobId);
    log.push({ jobId, seq: log.length + 1, type, at, taskId: null, taskKey: null, actor: 'engine', engine: null, data: {} });
    this.logs.set(jobId, log);
  }

  of(jobId: string): EventView[] {
    return this.logs.get(jobId) ?? [];
  }

  async job(): Promise<null> {
    return null;
  }

  async events(jobId: string, afterSeq: number, first: number): Promise<readonly EventView[]> {
    this.reads += 1;
    return this.of(jobId).slice(afterSeq, afterSeq + first);
  }
}

const open = (logs: Logs, file = join(folder, 'audit.jsonl')): Promise<AuditTrail> =>
  AuditTrail.open(parseAuditOptions({ file, maxBytes: 1_024, fsync: 'never' }), logs);
const written = (below = folder): Map<string, number[]> => {
  const all = readdirSync(below).sort();
  const texts = [...all.filter((name) => name !== 'audit.jsonl'), 'audit.jsonl'].map((name) => readFileSync(join(below, name), 'utf8'));
  const jobs = new Map<string, number[]>();
  for (const line of texts.join('').split('\n').slice(0, -1)) {
    const { job = '', seq = 0 } = JSON.parse(line) as AuditEntry;
    jobs.set(job, [...(jobs.get(job) ?? []), seq]);
  }
  return jobs;
};
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('an audit trail', () => {
  it('writes what was left out from the log, a page at a time', async () => {
    const logs = new Logs();
    for (let seq = 1; seq <= 1_200; seq += 1) logs.grow('a', 'TASK_STARTED', seq);
    const trail = await open(logs);
    await trail.record(logs.of('a')[0]!);
    await trail.record(logs.of('a')[1_150]!);
    await trail.close();

    expect(written().get('a')).toEqual(upTo(1_151));
  });

  it('knows of an open job many files later what it has of it', async () => {
    const logs = new Logs();
    const trail = await open(logs);
    for (let seq = 1; seq <= 4; seq += 1) logs.grow('long', 'TASK_STARTED', seq);
    await trail.record(logs.of('long')[0]!);
    for (let at = 10; at < 60; at += 1) {
      logs.grow(`job-${at}`, 'JOB_COMPLETED', at);
      await trail.record(logs.of(`job-${at}`)[0]!);
    }
    logs.grow('long', 'TASK_STARTED', 100);
    await trail.record(logs.of('long')[4]!);
    await trail.close();

    expect(readdirSync(folder).length).toBeGreaterThan(3);
    expect(written().get('long')).toEqual(upTo(5));
  });

  it('takes an event whose log is gone as it comes', async () => {
    const logs = new Logs();
    for (let seq = 1; seq <= 5; seq += 1) logs.grow('a', 'TASK_STARTED', seq);
    const trail = await open(logs);
    const [first, , , , fifth] = logs.of('a');
    await trail.record(first!);
    logs.of('a').length = 0;
    await trail.record(fifth!);
    await trail.close();

    expect(written().get('a')).toEqual([1, 5]);
  });

  it('reads no full file for jobs that are new', async () => {
    const logs = new Logs();
    const first = await open(logs);
    for (let at = 0; at < 60; at += 1) {
      logs.grow(`job-${at}`, 'JOB_SUBMITTED', at);
      await first.record(logs.of(`job-${at}`)[0]!);
    }
    await first.close();
    const full = readdirSync(folder).filter((name) => name !== 'audit.jsonl');
    expect(full.length).toBeGreaterThan(3);
    // Whoever read them would notice.
    for (const name of full) rmSync(join(folder, name));
    const again = await open(logs);
    logs.grow('new', 'JOB_SUBMITTED', 100);
    await again.record(logs.of('new')[0]!);
    await again.close();

    expect(written().get('new')).toEqual([1]);
  });

  it('holds every event once and in order, whatever is told again, late, after restarts and in small files', async () => {
    const move = fc.oneof(
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('grow' as const), job: fc.nat(4), ends: fc.boolean(), laterMs: fc.nat(2) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('tell' as const), job: fc.nat(4), most: fc.nat(6) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('tell again' as const), job: fc.nat(4), from: fc.nat(30) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
    );
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 80, maxLength: 200 }), async (moves) => {
        const below = join(folder, String((runs += 1)));
        const file = join(below, 'audit.jsonl');
        const logs = new Logs();
        const told = new Map<string, number>();
        let now = Date.parse('2026-01-07T12:00:00Z');
        let trail = await open(logs, file);
        const tell = async (job: string, from: number, most: number): Promise<void> => {
          for (const event of logs.of(job).slice(from, from + most)) {
            await trail.record(event);
            told.set(job, Math.max(told.get(job) ?? 0, event.seq));
          }
        };
        for (const made of moves) {
          if (made.kind === 'restart') {
            await trail.close();
            trail = await open(logs, file);
            continue;
          }
          const job = `job-${made.job}`;
          const sofar = told.get(job) ?? 0;
          if (made.kind === 'grow') logs.grow(job, made.ends ? 'JOB_COMPLETED' : 'TASK_STARTED', (now += made.laterMs));
          else if (made.kind === 'tell') await tell(job, sofar, made.most);
          // From somewhere before up to where it was.
          else await tell(job, Math.min(made.from, sofar), Math.max(0, sofar - made.from));
        }
        for (let job = 0; job <= 4; job += 1) await tell(`job-${job}`, told.get(`job-${job}`) ?? 0, 1_000);
        await trail.close();
        const jobs = written(below);
        for (let job = 0; job <= 4; job += 1) expect(jobs.get(`job-${job}`) ?? []).toEqual(upTo(logs.of(`job-${job}`).length));
      }),
      { numRuns: 60 },
    );
  });
});
