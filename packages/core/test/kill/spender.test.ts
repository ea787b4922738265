import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { auditDatabase } from '../helpers/audit.js';
import { Child } from '../helpers/child.js';

describe('a process that is killed while its agent spends', () => {
  let folder = '';
  const children: Child[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-spender-'));
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what was written with its events, and loses what was to be written next', async () => {
    const path = join(folder, 'jobs.db');
    const begin = (): Child => {
      const child = new Child('spender').begin({ path });
      children.push(child);
      return child;
    };
    const first = begin();
    await first.says('spending');
    first.kill('SIGKILL');
    await first.exited;
    await auditDatabase(path);
    const second = begin();

    const spent = { tokens: 101, usd: 0.1 + 0.2 };
    expect(await second.says('done')).toMatchObject({ job: [spent], task: [spent] });
    await second.exited;
    await auditDatabase(path);
  }, 60_000);
});
