import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from '@jest/globals';

import { createEngine, type EngineOptions } from '../../src/index.js';
import type { StoredJob } from '../../src/ports/store.js';
import type { AuditReport } from './audit.js';
import { Child } from './child.js';
import { eventsOf, tasksOf } from './inspect.js';
import { seeded } from './random.js';

const SEED = Number(process.env['TASKLOOM_SEED'] ?? Date.now() % 1_000_000);
const MOST_DELAY_MS = 220;
const ITEMS = 14;

type StoreOptions = NonNullable<EngineOptions['store']>;

/** Where processes are killed. */
export interface KillArena {
  readonly name: string;
  /** A folder for what stands outside the database. */
  readonly folder: string;
  readonly store: StoreOptions;
  /** What the process must have said before it is killed, most of the time. Default: that it has started. */
  readonly killsFrom?: 'started' | 'submitted';
  /** Audits what a dead process has left, without touching it, and gives its jobs. */
  left(): Promise<readonly StoredJob[]>;
  audit(): Promise<AuditReport>;
}

/**
 * Kills processes that run jobs until `kills` of them have hit a running engine, and lets a last one end them all. No finished
 * task may have run again, no acknowledged job be lost, every result be right. Expects all that itself.
 */
export async function killInCycles(arena: KillArena, kills: number): Promise<void> {
  const children: Child[] = [];
  try {
    await runCycles(arena, kills, children);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
  }
}

async function runCycles(arena: KillArena, kills: number, children: Child[]): Promise<void> {
  process.stdout.write(`kill test on ${arena.name}: TASKLOOM_SEED=${SEED}, ${kills} kills\n`);
  const random = seeded(SEED);
  const witness = new Witness(join(arena.folder, 'witness.txt'));
  const jobs: string[] = [];
  const hits = { running: 0, starting: 0, inAttempts: 0 };

  // The next process loads its modules while the present one works.
  const spare = (): Child => {
    const child = new Child('kill-worker');
    children.push(child);
    return child;
  };
  let next = spare();
  const begin = (): Child => {
    const child = next.begin({ store: arena.store, witness: witness.path, jobs, seed: Math.floor(random() * 1e9) });
    next = spare();
    return child;
  };
  // On a slow machine fewer kills find an attempt under way: there are as many as it takes.
  for (let cycle = 0; hits.running < kills || hits.inAttempts < kills / 2; cycle += 1) {
    if (cycle > 5 * kills + 10)
      throw new Error(`of ${cycle} kills ${hits.running} hit a running engine and ${hits.inAttempts} an attempt (seed ${SEED})`);
    // A new job every other time, so that there is always something to do and something to find again.
    if (cycle % 2 === 0) jobs.push(`job-${cycle}`);
    const child = begin();
    const kill = async (): Promise<boolean> => {
      const isHit = child.kill('SIGKILL');
      await child.exited;
      return isHit;
    };
    if (cycle % 6 === 5) {
      await child.says('starting');
      await delay(random() * 30);
      if (await kill()) hits.starting += 1;
    } else {
      await child.says(arena.killsFrom ?? 'started');
      await delay(random() * MOST_DELAY_MS);
      if (await kill()) hits.running += 1;
    }
    if (child.stderr !== '') throw new Error(`the process complained before it was killed (seed ${SEED}): ${child.stderr}`);
    if (witness.takeSnapshot(await arena.left())) hits.inAttempts += 1;
  }

  const last = begin();
  const { results } = await last.says('done');
  expect(await last.exited).toEqual({ code: 0, signal: null });

  expect(results).toEqual(jobs.map((_, base) => expectedOutput(base)));
  const report = await arena.audit();
  expect(report).toMatchObject({ jobs: jobs.length, open: [] });
  expect(witness.violations()).toEqual([]);
  expect(new Set(witness.acknowledged())).toEqual(new Set(report.ended));
  await checkJobs(arena.store, report.ended);
  // The test did what it says: kills that hit, and hit attempts that were under way.
  expect(hits.running).toBeGreaterThanOrEqual(kills);
  expect(hits.inAttempts).toBeGreaterThanOrEqual(kills / 2);
  expect(witness.count('start')).toBeGreaterThan(witness.count('completed', true));
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function expectedOutput(base: number): unknown {
  let layer = Array.from({ length: 6 }, (_, n) => base + n);
  for (let depth = 1; depth < 4; depth += 1) layer = layer.map((value, n) => value + layer[(n + 1) % layer.length]!);
  return {
    layers: layer.reduce((sum, value) => sum + value, 0),
    looked: Array.from({ length: ITEMS }, (_, n) => (n % 3 === 0 ? n * n + (n + 1) ** 2 + 1 : n)),
    flaky: base,
    stepped: 9,
  };
}

/** What readers see of the jobs in the end. */
async function checkJobs(store: StoreOptions, ids: readonly string[]): Promise<void> {
  const engine = createEngine({ store });
  await engine.start();
  try {
    for (const id of ids) {
      expect(await engine.job(id).status()).toMatchObject({ status: 'COMPLETED', success: true, generation: 1 });
      const events = await eventsOf(engine, id);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      const tasks = [...(await tasksOf(engine, id)).values()];
      // 25 layered, the list, 14 items with 3 questions for each third of them, 3 others, 2 stories, the map, the objective.
      expect(tasks).toHaveLength(25 + 1 + ITEMS + 3 * Math.ceil(ITEMS / 3) + 3 + 2 + 1 + 1);
      expect(new Set(tasks.map(({ status }) => status))).toEqual(new Set(['COMPLETED', 'SKIPPED']));
      // The death of a process costs no attempt: three by design, one for everybody else.
      for (const { key, attempt, agent } of tasks) if (agent !== null) expect([key, attempt]).toEqual([key, key === 'flaky' ? 3 : 1]);
    }
  } finally {
    await engine.stop();
  }
}

interface Line {
  readonly event: string;
  readonly job: string;
  readonly key: string;
  readonly more: string;
}

/** What the processes noted outside the database, and what must be true of it. */
class Witness {
  /** Tasks that were found COMPLETED, or SKIPPED, while no process ran, and how many lines there were then. */
  private readonly finished = new Map<string, number>();
  private readonly dependencies = new Map<string, readonly string[]>();

  constructor(readonly path: string) {}

  /** Notes what the dead process has finished. Whether the kill hit an attempt. */
  takeSnapshot(jobs: readonly StoredJob[]): boolean {
    const count = this.lines().length;
    const rows = taskRows(jobs);
    for (const { job, key, status, dependsOn } of rows) {
      const id = `${job} ${key}`;
      this.dependencies.set(id, dependsOn);
      if ((status === 'COMPLETED' || status === 'SKIPPED') && !this.finished.has(id)) this.finished.set(id, count);
    }
    return rows.some(({ status }) => status === 'IN_PROGRESS');
  }

  acknowledged(): string[] {
    return this.lines().flatMap(({ event, job }) => (event === 'submitted' ? [job] : []));
  }

  count(event: string, distinct = false): number {
    const found = this.lines().filter((line) => line.event === event);
    return distinct ? new Set(found.map(({ job, key }) => `${job} ${key}`)).size : found.length;
  }

  violations(): string[] {
    const found: string[] = [];
    const completed = new Set<string>();
    const resulted = new Set<string>();
    const kept = new Set<string>();
    this.lines().forEach(({ event, job, key, more }, index) => {
      const id = `${job} ${key}`;
      if (event === 'completed') completed.add(id);
      if (event === 'result') resulted.add(id);
      if (event === 'step-kept') kept.add(`${id} ${more}`);
      if (event === 'step' && kept.has(`${id} ${more}`)) found.push(`step "${more}" of ${id} ran again after its result was kept`);
      if (event !== 'start') return;
      if (completed.has(id)) found.push(`${id} started again after the engine had said that it completed`);
      if (index >= (this.finished.get(id) ?? Number.POSITIVE_INFINITY))
        found.push(`${id} started again although a later process found it finished`);
      for (const source of this.dependencies.get(id) ?? [])
        if (!resulted.has(`${job} ${source}`)) found.push(`${id} started before ${source} had a result`);
    });
    return found;
  }

  private lines(): Line[] {
    let text = '';
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      // The first process died before it noted anything.
    }
    return text
      .split('\n')
      .filter((line) => line.endsWith('\tend'))
      .map((line) => {
        const [event = '', job = '', key = '', more = ''] = line.split('\t');
        return { event, job, key, more };
      });
  }
}

interface TaskFact {
  readonly job: string;
  readonly key: string;
  readonly status: string;
  /** Keys of tasks with an agent that it depends on. */
  readonly dependsOn: readonly string[];
}

function taskRows(jobs: readonly StoredJob[]): TaskFact[] {
  return jobs.flatMap(({ spec, tasks }) =>
    tasks.map((entry) => ({
      job: spec.id,
      key: entry.spec.key,
      status: entry.row.status,
      dependsOn: entry.spec.dependencies
        .map(({ on }) => tasks[on]!.spec)
        .flatMap(({ agent, key }) => (agent !== null && !agent.startsWith('$') ? [key] : [])),
    })),
  );
}
