import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { SourceWatcher } from './source-watcher.js';

const NOTHING: ReadonlySet<string> = new Set();
let folder: string;
let watcher: SourceWatcher;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-watcher-'));
  writeFileSync(join(folder, 'one.ts'), '0');
  watcher = new SourceWatcher();
  await watcher.add(folder);
});
afterEach(async () => {
  await watcher.close();
  rmSync(folder, { recursive: true });
});

describe('a watcher of sources', () => {
  it('tells of a change that comes as soon as the one before it has been taken', async () => {
    const path = join(folder, 'one.ts');
    for (let change = 1; change <= 5; change += 1) {
      writeFileSync(path, String(change));
      await watcher.next(NOTHING);
      expect(watcher.take()).toHaveLength(1);
    }
  });
});
