import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { auditDatabase } from '../helpers/audit.js';
import { Child } from '../helpers/child.js';

describe('a process that is killed between a publication and its delivery', () => {
  let folder = '';
  const children: Child[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-publisher-'));
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
    rmSync(folder, { recursive: true, force: true });
  });

  it('has lost no message: the next one delivers each, in order, and publishes none again', async () => {
    const path = join(folder, 'jobs.db');
    const begin = (): Child => {
      const child = new Child('publisher').begin({ path });
      children.push(child);
      return child;
    };
    const first = begin();
    await Promise.all([first.says('published'), first.says('hearing')]);
    first.kill('SIGKILL');
    await first.exited;
    const second = begin();

    expect(await second.says('done')).toMatchObject({
      heard: [1, 2, 3],
      published: 1,
      tasks: ['objective', 'p', 'said.hears.1', 'said.hears.2', 'said.hears.3'].map((key) => `${key} COMPLETED`),
    });
    await second.exited;
    await auditDatabase(path);
  }, 60_000);
});
