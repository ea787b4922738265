import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import {
  createEngine,
  defineWorkflow,
  type Engine,
  task,
  type Duration,
  type EngineOptions,
  isTaskloomError,
  type Ref,
  type TaskContext,
} from '../../src/index.js';
import { z } from 'zod';
import { agent, echo } from '../helpers/agents.js';
import { eventsOf, refusal, tasksOf, until } from '../helpers/inspect.js';
import { killInCycles } from '../helpers/kill-cycles.js';
import { PostgresServer, whyNoPostgres } from '../helpers/postgres-server.js';
import { VirtualClock } from '../helpers/virtual-clock.js';
import { crashesAndReplays } from '../testing/crashes-and-replays.js';
import { administer, auditSchema, emptySchema, newSchema, readSchema } from '../helpers/postgres-stores.js';

const KILLS = Number(process.env['TASKLOOM_POSTGRES_KILLS'] ?? 5);
const missing = whyNoPostgres();
jest.setTimeout(120_000);

(missing === null ? describe : describe.skip)('an engine on PostgreSQL', () => {
  let server: PostgresServer;
  let folder: string;
  const engines: Engine[] = [];
  const schemas = new Set<string>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-postgres-engine-'));
    server = await PostgresServer.start();
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop({ graceMs: 0 })));
    for (const schema of schemas) await auditSchema(server, schema);
    schemas.clear();
  });
  afterAll(async () => {
    await server.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  let tellAborted: () => void = () => undefined;

  const schemaToAudit = (): string => {
    const schema = newSchema();
    schemas.add(schema);
    return schema;
  };
  const create = (schema: string, options: EngineOptions = {}, lease: Duration = '30s'): Engine => {
    const engine = createEngine({ ...options, store: { type: 'postgres', url: server.url, schema, lease } });
    engines.push(engine);
    return engine;
  };

  /** Lets the lease of the engine that works run out, as often as it is renewed in between, and starts another one. */
  const takeOver = async (schema: string, engine: Engine): Promise<void> => {
    for (;;) {
      await administer(server, `UPDATE ${schema}.taskloom_node SET expires_at = 0`);
      try {
        await engine.start();
        return;
      } catch (error) {
        if (!isTaskloomError(error) || error.code !== 'STORE_IN_USE') throw error;
      }
    }
  };

  const crashed = newSchema();
  let isMade = false;
  crashesAndReplays({
    async fresh() {
      if (isMade) await emptySchema(server, crashed);
      isMade = true;
      return { type: 'postgres', url: server.url, schema: crashed };
    },
  });

  it('runs workflows that grow, ask, remember and keep state, and tells of them as on any store', async () => {
    const engine = create(schemaToAudit());
    const Square = agent('square', (n: number) => n * n);
    const Ask = agent('ask', async (n: number, ctx: TaskContext) => {
      const seen = await ctx.shared('seen').get('count');
      const squares = (await Promise.all([ctx.need(Square, n), ctx.need(Square, n + 1)])) as number[];
      const kept = await ctx.step('kept', () => 'x'.repeat(10_000));
      const answer = (await ctx.ask('sure', { question: 'Sure?', schema: z.boolean() })) as { answer: unknown };
      return { squares, kept: kept.length, answer: answer.answer, seen: seen?.value ?? null };
    });
    const flow = defineWorkflow({
      name: 'flow',
      input: z.object({ n: z.number() }),
      output: z.object({ asked: z.unknown(), doubled: z.array(z.unknown()) }),
      plan: (plan, { n }) => {
        const asked = plan.add(Ask, n);
        const list = plan.add(
          agent('list', () => [1, 2, 3]),
          null,
        );
        return { asked: asked.out, doubled: plan.map(list.out as Ref<number[]>, (item) => task(echo, item)).out };
      },
    });
    engine.register(
      Square,
      Ask,
      echo,
      agent('list', () => [1, 2, 3]),
      flow,
    );
    await engine.start();
    const handle = await engine.startWorkflow(flow, { n: 2 }, { idempotencyKey: 'once', tenant: 'team-a' });
    for await (const { type, data } of handle.events()) {
      if (type === 'HUMAN_REQUESTED') await engine.answerHumanRequest(data['request'] as string, true);
    }

    expect(await handle.result()).toMatchObject({ asked: { squares: [4, 9], kept: 10_000, answer: true, seen: null } });
    const events = await eventsOf(engine, handle.id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect((await engine.reader.jobs({ tenant: 'team-a' }, { first: 10 })).items.map(({ id }) => id)).toEqual([handle.id]);
    expect((await engine.reader.jobs({ tenant: 'team-b' }, { first: 10 })).items).toEqual([]);
    expect((await engine.startWorkflow(flow, { n: 2 }, { idempotencyKey: 'once', tenant: 'team-a' })).id).toBe(handle.id);
  });

  it('is the only one on its schema; another one takes over when it stops, and goes on with its jobs', async () => {
    const schema = schemaToAudit();
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const [first, second] = [create(schema), create(schema)];
    first.register(
      agent('work', (_: unknown, ctx: TaskContext) => (begin(), new Promise((__, reject) => ctx.signal.addEventListener('abort', reject)))),
    );
    second.register(agent('work', () => 'done by the second'));
    await first.start();
    const handle = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work' }] });
    await begun;

    expect((await refusal(second.start())).code).toBe('STORE_IN_USE');
    await first.stop({ graceMs: 0 });
    const report = await second.start();

    expect(report.jobs.map(({ id }) => id)).toEqual([handle.id]);
    await second.job(handle.id).result();
    expect((await tasksOf(second, handle.id)).get('a')).toMatchObject({ status: 'COMPLETED', attempt: 1 });
  });

  it('that has been taken over stops, tells its agents, and what it says then is not taken', async () => {
    const schema = schemaToAudit();
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const aborted = new Promise<void>((resolve) => (tellAborted = resolve));
    const logged: string[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message: string) => void logged.push(message),
    };
    const first = create(schema, { logger }, '1s');
    first.register(
      agent('work', (_: unknown, ctx: TaskContext) => {
        begin();
        return new Promise((resolve) => ctx.signal.addEventListener('abort', () => (tellAborted(), resolve('too late'))));
      }),
    );
    await first.start();
    const handle = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work' }] });
    await begun;
    // As after a long sleep of the process: nobody has renewed the lease.
    const second = create(schema);
    second.register(agent('work', () => 'in time'));
    await takeOver(schema, second);
    await aborted;
    await second.job(handle.id).result();

    expect(logged).toContain('This engine stops.');
    const [output] = await second.reader.taskOutputs([{ jobId: handle.id, no: 1 }], 100);
    expect(output?.value).toBe('in time');
    expect((await refusal(first.submitJob({ name: 'late', tasks: [{ key: 'a', agent: 'work' }] }))).code).toMatch(
      /ENGINE_STOPPED|ENGINE_SUPERSEDED/,
    );
  });

  it('starts one job for each tick of a schedule, also where another one takes over in the middle of a tick (F3)', async () => {
    const schema = schemaToAudit();
    const clock = new VirtualClock();
    const tick = defineWorkflow({
      name: 'tick',
      input: z.object({}),
      schedule: { every: '1m', input: {} },
      plan: (flow) => flow.add(task(echo, 'ticked')).out,
    });
    const both = [create(schema, { clock }), create(schema, { clock })] as const;
    for (const engine of both) engine.register(echo, tick);
    const [first, second] = both;
    await first.start();
    const started = async (): Promise<unknown[]> => {
      const { items } = await second.reader.jobs({ workflow: 'tick' }, { first: 100, order: 'OLDEST' });
      return items.map(({ metadata }) => metadata?.['scheduledFor']);
    };

    // What falls due is asked for again and again: a server answers in its own time, and a timer may be set after time passed.
    const comesTrue = (condition: () => Promise<boolean>): Promise<void> =>
      until(async () => {
        await clock.advance(0);
        return condition();
      });

    // The first one has started the job of a tick, and is taken over before it has noted that.
    await clock.advance(60_000);
    await comesTrue(
      async () => (await administer<{ count: string }>(server, `SELECT count(*) FROM ${schema}.taskloom_job`))[0]!.count === '1',
    );
    await administer(
      server,
      `UPDATE ${schema}.taskloom_key_value SET value = jsonb_set(value::jsonb, '{nextAt}', to_jsonb(${clock.now()}::bigint))::text WHERE scope LIKE '$schedule/%'`,
    );
    await takeOver(schema, second);
    await comesTrue(async () => (await second.schedules()).every(({ nextAt }) => nextAt !== null && nextAt > clock.now()));
    expect(await started()).toHaveLength(1);

    // A tick is left out while the job of the last one has not ended.
    await comesTrue(async () => (await second.reader.countJobs({ workflow: 'tick', isOpen: false })) === 1);
    await clock.advance(60_000);
    await comesTrue(async () => (await started()).length === 2);
    expect(new Set(await started()).size).toBe(2);
  });

  it('outlives the crash of its server: what runs goes on, what was acknowledged is there', async () => {
    const schema = schemaToAudit();
    const engine = create(schema);
    engine.register(agent('work', (n: number) => new Promise((resolve) => setTimeout(resolve, 5, n))));
    await engine.start();
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 60 }, (_, no) => ({ key: `t${no}`, agent: 'work', input: no, dependsOn: no < 6 ? [] : [`t${no - 6}`] })),
    });
    let crashes = 0;
    for await (const { type, taskKey } of handle.events()) {
      if (type !== 'TASK_COMPLETED' || !(taskKey === 't10' || taskKey === 't30') || crashes === 2) continue;
      crashes += 1;
      await server.restart('immediate');
    }
    await handle.result();

    expect(crashes).toBe(2);
    const tasks = [...(await tasksOf(engine, handle.id)).values()];
    expect(new Set(tasks.map(({ status }) => status))).toEqual(new Set(['COMPLETED']));
    expect(tasks.filter(({ agent: name }) => name !== null).map(({ attempt }) => attempt)).toEqual(Array(60).fill(1));
  });

  it('whose process is killed at any moment repeats no finished task and loses no acknowledged job', async () => {
    const schema = schemaToAudit();
    await killInCycles(
      {
        name: 'PostgreSQL',
        folder,
        store: { type: 'postgres', url: server.url, schema },
        // To submit takes longer than on SQLite; it is not what is to be hit every time.
        killsFrom: 'submitted',
        left: () => readSchema(server, schema),
        audit: () => auditSchema(server, schema),
      },
      KILLS,
    );
  });
});
