import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, type Engine } from '../../src/index.js';
import { silentLogger } from '../../src/ports/logger.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { auditDatabase } from '../helpers/audit.js';
import { Child } from '../helpers/child.js';
import { copyOfDead } from '../helpers/copy-of-dead.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-once-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ONCE = { durability: 'at-most-once' } as const;
const task = (agentName: string) => ({ key: 'pay', agent: agentName });

/** What a process leaves that dies now: its database as SQLite repairs it, in the lab under another name. */
async function asAfterDeath(death: number): Promise<string> {
  const name = `dead-${death}/jobs.db`;
  await copyOfDead(lab.path(death === 1 ? undefined : `dead-${death - 1}/jobs.db`), join(lab.path(name), '..'));
  return name;
}

describe('an at-most-once task', () => {
  it('of a job that a SIGKILL cut off waits for a person; finished tasks are not run again, the others are; the report says so (A10, D14)', async () => {
    const path = join(folder, 'jobs.db');
    const first = new Child('ambiguous-worker').begin({ path });
    await first.says('both run');
    first.kill('SIGKILL');
    await first.exited;
    await auditDatabase(path);

    const second = new Child('ambiguous-worker').begin({ path });
    expect(await second.says('started')).toMatchObject({ jobs: 1, requeued: 1, parked: 1, failed: 0 });
    const { statuses, starts } = await second.says('parked');
    expect(statuses).toMatchObject({
      a: 'COMPLETED',
      b: 'COMPLETED',
      effort: 'COMPLETED',
      once: 'BLOCKED MANUAL',
      'after-once': 'PENDING',
    });
    expect(starts).toEqual(['effort', 'after-effort']);
    expect(await second.says('done')).toMatchObject({ success: true, output: 'paid by hand' });
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(await auditDatabase(path)).toMatchObject({ jobs: 1, open: [] });
  }, 60_000);

  it.each<[string, (engine: Engine, id: string) => Promise<unknown>, string]>([
    ['RERUN', (engine, id) => engine.resumeTask(id, { as: 'RERUN' }), 'COMPLETED'],
    ['COMPLETED', (engine, id) => engine.resumeTask(id, { as: 'COMPLETED', output: 'by hand' }), 'COMPLETED'],
    ['FAILED', (engine, id) => engine.resumeTask(id, { as: 'FAILED', reason: 'lost' }), 'FAILED BY_PERSON'],
  ])('that was cut off comes to what a person says: %s', async (as, resume, status) => {
    const gate = new Gate<string>();
    const pay = counted('pay', () => gate.pass(), ONCE);
    const first = await lab.start([pay.agent, echo]);
    const { id } = await first.submitJob({ name: 'job', tasks: [task('pay')] });
    await gate.reached();
    const file = await asAfterDeath(1);
    const lines: unknown[] = [];
    const logger = { ...silentLogger, info: (message: string, about?: object) => void lines.push({ message, ...about }) };
    const second = await lab.start([pay.agent, echo], { file, logger });
    const counts = { found: 1, requeued: 0, parked: 1, failed: 0 };
    expect(second.recoveryReport()).toMatchObject(counts);
    expect(lines).toContainEqual({ message: '1 unfinished job goes on; 0 tasks start again, 1 wait for a person.', jobs: [id], ...counts });
    const parked = await taskOf(second, id, 'pay');
    expect(parked).toMatchObject({ status: 'BLOCKED', statusReason: 'MANUAL' });
    expect(parked.error).toMatchObject({ code: 'PROCESS_DIED' });
    expect((await eventsOf(second, id)).find(({ type }) => type === 'JOB_RECOVERED')?.data).toMatchObject({
      found: 1,
      requeued: 0,
      parked: 1,
    });
    gate.open('run again');
    await resume(second, parked.id);
    await ended(second, id);
    expect((await statusesOf(second, id))['pay']).toBe(status);
    expect(pay.starts).toHaveLength(as === 'RERUN' ? 2 : 1);
    expect(await outputOf(second, id, 'pay')).toEqual(as === 'RERUN' ? 'run again' : as === 'COMPLETED' ? 'by hand' : undefined);
  });

  it('that a stop of the engine cut off waits for a person, too: nobody knows what it has done (G28)', async () => {
    const pay = counted('pay', forever, ONCE);
    const first = await lab.start([pay.agent], { grace: 0 });
    const { id } = await first.submitJob({ name: 'job', tasks: [task('pay')] });
    await eventOf(first, id, 'TASK_STARTED', 'pay');
    const second = await lab.restart(first, [pay.agent], { grace: 0 });
    expect(await taskOf(second, id, 'pay')).toMatchObject({ status: 'BLOCKED', statusReason: 'MANUAL', attempt: 1 });
    expect(pay.starts).toHaveLength(1);
  });

  it.each(['timeout', 'idleTimeout'] as const)('whose %s is over waits for a person, whatever its retries (G28)', async (limit) => {
    const clock = new VirtualClock();
    const pay = counted('pay', forever, { ...ONCE, [limit]: 100, retry: 5 });
    const engine = await lab.start([pay.agent], { clock, grace: 0 });
    const { id } = await engine.submitJob({ name: 'job', tasks: [task('pay')] });
    await clock.advance(200);
    const parked = await taskOf(engine, id, 'pay');
    expect(parked).toMatchObject({
      status: 'BLOCKED',
      statusReason: 'MANUAL',
      error: { code: limit === 'timeout' ? 'TASK_TIMEOUT' : 'TASK_IDLE' },
    });
    await clock.advance(3_600_000);
    expect(pay.starts).toHaveLength(1);
    await engine.resumeTask(parked.id, { as: 'COMPLETED', output: 1 });
  });

  it('whose agent throws is retried by its policy: it is known that it failed', async () => {
    const pay = counted(
      'pay',
      () => {
        if (pay.starts.length < 3) throw new Error('refused');
        return 'paid';
      },
      { ...ONCE, retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([pay.agent]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [task('pay')] });
    expect((await ended(engine, id)).success).toBe(true);
    expect(pay.starts).toHaveLength(3);
  });

  it('is at most once by its own word as well as by its agent’s, and can be told otherwise', async () => {
    const usual = counted('usual', forever);
    const once = counted('once', forever, ONCE);
    const definitions = [usual.agent, once.agent];
    const first = await lab.start(definitions, { grace: 0 });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'own', agent: 'usual', durability: 'at-most-once' },
        { key: 'declared', agent: 'once' },
        { key: 'otherwise', agent: 'once', durability: 'retry' },
      ],
    });
    for (const key of ['own', 'declared', 'otherwise']) await eventOf(first, id, 'TASK_STARTED', key);
    const second = await lab.restart(first, definitions, { grace: 0 });
    await eventOf(second, id, 'TASK_STARTED', 'otherwise', ({ data }) => (data as { fence: number }).fence === 2);
    expect(await statusesOf(second, id)).toEqual({ own: 'BLOCKED MANUAL', declared: 'BLOCKED MANUAL', otherwise: 'IN_PROGRESS' });
  });
});

describe('the retry of an attempt that was cut off', () => {
  it('always carries the same idempotency key (G28)', async () => {
    const keys: string[] = [];
    const effect = agent('effect', (_, ctx) => (keys.push(ctx.idempotencyKey), forever()));
    let file: string | undefined;
    let jobId = '';
    for (let death = 1; death <= 3; death += 1) {
      const engine: Engine = await lab.start([effect], { ...(file === undefined ? {} : { file }), grace: 0 });
      jobId ||= (await engine.submitJob({ name: 'job', tasks: [task('effect')] })).id;
      await eventOf(engine, jobId, 'TASK_STARTED', 'pay', ({ data }) => (data as { fence: number }).fence === death);
      file = await asAfterDeath(death);
    }
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('a task that brings the process down again and again', () => {
  it('waits for a person after seven deaths, not after six; whoever lets it go on clears its strikes', async () => {
    const deadly = counted('deadly', forever);
    let file: string | undefined;
    let jobId = '';
    for (let death = 1; death <= 7; death += 1) {
      const engine: Engine = await lab.start([deadly.agent], { ...(file === undefined ? {} : { file }), grace: 0 });
      jobId ||= (await engine.submitJob({ name: 'job', tasks: [task('deadly')] })).id;
      await eventOf(engine, jobId, 'TASK_STARTED', 'pay', ({ data }) => (data as { fence: number }).fence === death);
      file = await asAfterDeath(death);
    }
    const last = await lab.start([deadly.agent, echo], { file: file!, grace: 0 });
    expect(last.recoveryReport()).toMatchObject({ requeued: 0, parked: 1 });
    const parked = await taskOf(last, jobId, 'pay');
    expect(parked).toMatchObject({ status: 'BLOCKED', statusReason: 'MANUAL', attempt: 1, error: { code: 'PROCESS_DIED' } });
    expect(deadly.starts).toHaveLength(7);
    await last.resumeTask(parked.id, { as: 'RERUN' });
    await eventOf(last, jobId, 'TASK_STARTED', 'pay', ({ data }) => (data as { fence: number }).fence === 8);
    const again = await asAfterDeath(8);
    const after = await lab.start([deadly.agent], { file: again, grace: 0 });
    expect(after.recoveryReport()).toMatchObject({ requeued: 1, parked: 0 });
  });
});

describe('resumeTask(as)', () => {
  const Strict = defineAgent({
    name: 'strict',
    input: z.unknown(),
    output: z.object({ n: z.number(), unit: z.string().default('m') }),
    durability: 'at-most-once',
    timeout: 10,
    execute: forever,
  });

  it('refuses an output that is none, a task that is not parked, and a task that is not there', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([Strict, echo], { clock, grace: 0 });
    const { id } = await engine.submitJob({ name: 'job', tasks: [task('strict'), { key: 'after', agent: 'echo', dependsOn: ['pay'] }] });
    await clock.advance(100);
    const { id: taskId } = await taskOf(engine, id, 'pay');
    for (const output of [undefined, null, {}, { n: 'x' }])
      expect(
        (await refusal(engine.resumeTask(taskId, { as: 'COMPLETED', ...(output === undefined ? {} : { output }) } as never))).code,
      ).toBe('OUTPUT_SCHEMA');
    expect((await refusal(engine.resumeTask(taskId, { as: 'MAYBE' as never }))).code).toBe('OPTIONS_INVALID');
    expect((await refusal(engine.resumeTask((await taskOf(engine, id, 'after')).id, { as: 'RERUN' }))).code).toBe('ILLEGAL_MOVE');
    expect((await refusal(engine.resumeTask(`${id}:99`, { as: 'RERUN' }))).code).toBe('NOT_FOUND');
    await engine.resumeTask(taskId, { as: 'COMPLETED', output: { n: 1 } });
    await clock.advance(100);
    expect(await outputOf(engine, id, 'pay')).toEqual({ n: 1, unit: 'm' });
    expect((await refusal(engine.resumeTask(taskId, { as: 'COMPLETED', output: { n: 1 } }))).code).toMatch(
      /ILLEGAL_MOVE|JOB_ALREADY_TERMINAL/,
    );
  });
});
