import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { auditDatabase } from '../helpers/audit.js';
import { Child } from '../helpers/child.js';

describe('an agent that takes the process with it (bad input A6)', () => {
  let folder = '';
  const children: Child[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-deadly-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      await child.exited;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const begin = (way: string): Child => {
    const child = new Child('deadly-agent').begin({ path: join(folder, 'jobs.db'), way });
    children.push(child);
    return child;
  };

  it.each([
    ['exit', 'calls process.exit', { code: 0, signal: null }],
    ['abort', 'calls process.abort', { code: null, signal: 'SIGABRT' }],
    ['throw outside', 'throws where nobody can catch it', { code: 1, signal: null }],
    ['block', 'never yields, and is killed for it', { code: null, signal: 'SIGKILL' }],
  ])(
    '(%s: it %s) does no harm to what was done: the next start goes on with it and with its neighbours',
    async (way, _, end) => {
      const first = begin(way);
      if (way === 'block') {
        await first.says('blocking');
        first.kill('SIGKILL');
      }
      expect(await first.exited).toEqual(end);
      await auditDatabase(join(folder, 'jobs.db'));

      const second = begin(way);
      // The deadly one and its neighbour; what came before them is not run again.
      expect(await second.says('started')).toMatchObject({ jobs: 1, requeued: 2 });
      const { tasks } = await second.says('done');
      expect(await second.exited).toEqual({ code: 0, signal: null });
      // The death of a process spends no attempt.
      expect(tasks).toEqual(
        expect.arrayContaining(['before', 'neighbour', 'deadly'].map((key) => ({ key, status: 'COMPLETED', attempt: 1 }))),
      );
      expect(await auditDatabase(join(folder, 'jobs.db'))).toMatchObject({ jobs: 1, open: [] });
    },
    30_000,
  );

  it('whenever it is called is called seven times, and then waits for a person; its neighbours come to their end', async () => {
    const path = join(folder, 'jobs.db');
    const calls = join(folder, 'calls');
    const start = (): Child => {
      const child = new Child('always-deadly').begin({ path, calls });
      children.push(child);
      return child;
    };
    for (let death = 1; death <= 7; death += 1) {
      expect(await start().exited).toEqual({ code: null, signal: 'SIGABRT' });
      await auditDatabase(path);
    }
    const last = start();
    expect(await last.says('started')).toMatchObject({ parked: 1 });
    expect(await last.says('waiting')).toMatchObject({ status: 'BLOCKED', reason: 'MANUAL', strikes: 7, attempt: 1 });
    expect(await last.says('neighbour')).toMatchObject({ output: 'done' });
    expect(await last.says('done')).toMatchObject({ output: 'done by hand' });
    expect(await last.exited).toEqual({ code: 0, signal: null });
    expect(readFileSync(calls, 'utf8')).toBe('called\n'.repeat(7));
    expect(await auditDatabase(path)).toMatchObject({ jobs: 2, open: [] });
  }, 60_000);
});
