import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { auditDatabase } from '../helpers/audit.js';
import { Child } from '../helpers/child.js';

describe('a job that waits while its process is killed', () => {
  let folder = '';
  const children: Child[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-waiting-'));
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps its holds, its sleep, its added dependency and what was spawned, and repeats nothing', async () => {
    const path = join(folder, 'jobs.db');
    const begin = (): Child => {
      const child = new Child('waiting-job').begin({ path, sleepMs: 3_000 });
      children.push(child);
      return child;
    };
    const first = begin();
    await first.says('waiting');
    first.kill('SIGKILL');
    await first.exited;
    const second = begin();

    // The sleep is over, and the task that is held has not run, nor the one that was made to wait for it.
    expect(await second.says('woken')).toMatchObject({ held: true, started: false });
    const done = await second.says('done');
    // The parent had returned: it is not run again, and its child is not doubled.
    expect([...(done['runs'] as string[])].sort()).toEqual(['held', 'late', 'parent.below', 'sleeper']);
    expect((done['runs'] as string[]).slice(-2)).toEqual(['held', 'late']);
    expect(done['tasks']).toEqual([
      'objective COMPLETED',
      'parent COMPLETED',
      'sleeper COMPLETED',
      'held COMPLETED',
      'late COMPLETED',
      'parent.below COMPLETED',
    ]);
    await second.exited;
    await auditDatabase(path);
  }, 60_000);
});
