import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createEngine } from '@taskloom/core';

import type { AuditEntry, FsyncPolicy } from '../src/index.js';
import { auditOf, logOf } from './support/audit-lab.js';

const JOBS = Array.from({ length: 40 }, (_, no) => `job-${no}`);
const KILLS = 8;

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-audit-kill-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A process, and when it has said something so many times. */
class Audited {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  private readonly said = new Map<unknown, number>();

  constructor(fsync: FsyncPolicy) {
    const settings = JSON.stringify({ path: join(folder, 'jobs.db'), file: join(folder, 'audit', 'audit.jsonl'), jobs: JOBS, fsync });
    this.child = fork(fileURLToPath(new URL('./support/audited-process.mjs', import.meta.url)), [settings]);
    children.push(this.child);
    this.exited = once(this.child, 'exit');
    this.child.on('message', (message) => this.said.set(message, this.times(message) + 1));
  }

  times(message: unknown): number {
    return this.said.get(message) ?? 0;
  }

  /** Or until it has ended. */
  async says(message: string, times = 1): Promise<void> {
    while (this.times(message) < times && this.child.exitCode === null) await Promise.race([once(this.child, 'message'), this.exited]);
  }
}

/** Every whole line of all files, oldest first. */
const readAll = (): AuditEntry[] => {
  const all = readdirSync(join(folder, 'audit')).sort();
  const inOrder = [...all.filter((name) => name !== 'audit.jsonl'), ...all.filter((name) => name === 'audit.jsonl')];
  return inOrder
    .map((name) => readFileSync(join(folder, 'audit', name), 'utf8'))
    .flatMap((text) => text.split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as AuditEntry);
};

it.each<FsyncPolicy>(['every-second', 'always'])(
  'A process that is killed at any moment leaves an audit that the next ones complete: every event once and in order (fsync %s)',
  async (fsync) => {
    for (let kills = 0; kills < KILLS; kills += 1) {
      const killed = new Audited(fsync);
      await killed.says('loaded');
      // Now and then while it starts and catches up, mostly while it works.
      await killed.says('event', Math.floor(Math.random() * 60));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      killed.child.kill('SIGKILL');
      await killed.exited;
      expect(killed.times('done')).toBe(0);
    }
    const last = new Audited(fsync);
    await last.exited;
    expect(last.times('done')).toBe(1);

    const entries = readAll();
    const engine = createEngine({ store: { path: join(folder, 'jobs.db') } });
    await engine.start();
    const { items } = await engine.reader.jobs({}, { first: 100 });
    const logs = await Promise.all(items.map(({ id }) => logOf(engine, id)));
    await engine.stop();

    expect(items.map(({ name }) => name).toSorted()).toEqual(JOBS.toSorted());
    expect(logs.flat().length).toBeGreaterThan(700);
    expect(items.map(({ id }) => auditOf(entries, id))).toEqual(logs);
    expect(entries).toHaveLength(logs.flat().length);
    expect(readdirSync(join(folder, 'audit')).length).toBeGreaterThan(5);
  },
  120_000,
);
