import { describe, expect, it } from '@jest/globals';

import type { Json } from '../../src/index.js';
import { agent } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventsOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const MIB = 1_048_576;

const objective = (name: string) => ({ name: 'job', tasks: [{ key: 'a', agent: name, type: 'OBJECTIVE' as const }] });

describe('ctx.step', () => {
  it('runs once across retries: later attempts get the remembered result, as plain data of their own', async () => {
    let charged = 0;
    const results: Json[] = [];
    const pays = agent(
      'pays',
      async (_, ctx) => {
        const receipt = await ctx.step('charge', () => ({ no: (charged += 1), lines: [1, 'two', null] }));
        results.push(structuredClone(receipt));
        (receipt.lines as unknown[]).push('changed by the agent');
        if (ctx.attempt.number < 3) throw new Error('after the charge');
        return receipt.no;
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([pays]);
    const handle = await engine.submitJob(objective('pays'));
    expect(await handle.result()).toBe(1);
    expect(charged).toBe(1);
    expect(results).toEqual([1, 2, 3].map(() => ({ no: 1, lines: [1, 'two', null] })));
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_STEP_RECORDED')).toHaveLength(1);
  });

  it('runs once across a suspension', async () => {
    let runs = 0;
    const source = agent('source', () => 'answer');
    const asks = agent('asks', async (_, ctx) => [
      await ctx.step('before', () => (runs += 1)),
      await ctx.need('source', 1),
      await ctx.step('after', () => (runs += 1)),
    ]);
    const engine = await lab.start([source, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toEqual([1, 'answer', 2]);
    expect(runs).toBe(2);
  });

  it('runs once across a restart; one that had not ended runs again', async () => {
    const log: string[] = [];
    const gate = new Gate();
    const works = (stop: boolean) =>
      agent('works', async (_, ctx) => {
        await ctx.step('one', () => void log.push('one'));
        await ctx.step('two', async () => {
          log.push('two');
          if (stop) await gate.pass();
        });
        return ctx.attempt.reason;
      });
    const first = await lab.start([works(true)]);
    const { id } = await first.submitJob(objective('works'));
    await gate.reached();
    const second = await lab.restart(first, [works(false)]);
    expect(await second.job(id).result()).toBe('RECOVERED');
    expect(log).toEqual(['one', 'two', 'two']);
  });

  it('is durable before it resolves', async () => {
    const gate = new Gate();
    const works = agent('works', async (_, ctx) => {
      await ctx.step('one', () => 1);
      await gate.pass();
    });
    const engine = await lab.start([works]);
    const { id } = await engine.submitJob(objective('works'));
    await gate.reached();
    const recorded = (await eventsOf(engine, id)).filter(({ type }) => type === 'TASK_STEP_RECORDED');
    expect(recorded.map(({ data, taskKey }) => [taskKey, data['name']])).toEqual([['a', 'one']]);
    gate.open();
  });

  it('with a name that this attempt has used throws STEP_NAME_REUSED at that line, and is not retried', async () => {
    let calls = 0;
    const reuses = agent(
      'reuses',
      async (_, ctx) => {
        await ctx.step('same', () => 1);
        await ctx.step('same', () => (calls += 1));
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([reuses]);
    const handle = await engine.submitJob(objective('reuses'));
    await ended(engine, handle.id);
    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      error: { code: 'STEP_NAME_REUSED', details: { step: 'same' } },
    });
    expect(calls).toBe(0);
  });

  it('with the same name in two tasks keeps two results', async () => {
    const works = agent('works', (input: number, ctx) => ctx.step('one', () => input));
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'works', input: 1 },
        { key: 'b', agent: 'works', input: 2 },
      ],
      output: {
        value: [null, null],
        refs: [
          { at: '/0', task: 'a' },
          { at: '/1', task: 'b' },
        ],
      },
    });
    expect(await handle.result()).toEqual([1, 2]);
  });

  it('remembers nothing as null', async () => {
    const seen: unknown[] = [];
    const works = agent(
      'works',
      async (_, ctx) => {
        seen.push(
          await ctx.step('void', () => undefined),
          await ctx.step('async void', async () => undefined),
          await ctx.step('null', () => null),
        );
        if (ctx.attempt.number === 1) throw new Error('again');
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([works]);
    await (await engine.submitJob(objective('works'))).result();
    expect(seen).toEqual([null, null, null, null, null, null]);
  });

  it('remembers false, 0 and the empty text as they are', async () => {
    let runs = 0;
    const seen: unknown[] = [];
    const works = agent(
      'works',
      async (_, ctx) => {
        for (const value of [false, 0, '', [] as Json]) seen.push(await ctx.step(JSON.stringify(value), () => (runs++, value)));
        if (ctx.attempt.number === 1) throw new Error('again');
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([works]);
    await (await engine.submitJob(objective('works'))).result();
    expect(seen).toEqual([false, 0, '', [], false, 0, '', []]);
    expect(runs).toBe(4);
  });

  it.each<[string, unknown, string]>([
    ['a function', () => 1, ''],
    ['a date inside', { at: new Date(0) }, '/at'],
    ['a bigint inside', { list: [1n] }, '/list/0'],
    ['not a number', { n: Number.NaN }, '/n'],
    ['a map', new Map(), ''],
  ])('whose result is no JSON throws OUTPUT_NOT_JSON with the place: %s', async (_, value, path) => {
    const works = agent('works', async (__, ctx) => {
      const error = await refusal(ctx.step('odd', () => value as Json));
      return [error.code, error.details['path'], error.message.includes('"odd"')] as Json;
    });
    const engine = await lab.start([works]);
    expect(await (await engine.submitJob(objective('works'))).result()).toEqual(['OUTPUT_NOT_JSON', path, true]);
  });

  it('whose result has 1 MiB is kept, and one byte more is refused with OUTPUT_TOO_LARGE', async () => {
    const works = agent('works', async (_, ctx) => {
      const fits = await ctx.step('fits', () => 'x'.repeat(MIB - 2));
      const error = await refusal(ctx.step('too large', () => 'x'.repeat(MIB - 1)));
      return [fits.length, error.code, error.details['bytes']] as Json;
    });
    const engine = await lab.start([works]);
    expect(await (await engine.submitJob(objective('works'))).result()).toEqual([MIB - 2, 'OUTPUT_TOO_LARGE', MIB + 1]);
  });

  it('that throws fails at that line, is not remembered, and runs again with the next attempt', async () => {
    let runs = 0;
    const works = agent(
      'works',
      (_, ctx) =>
        ctx.step('flaky', () => {
          runs += 1;
          if (runs < 3) throw new TypeError(`run ${runs}`);
          return runs;
        }),
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([works]);
    const handle = await engine.submitJob(objective('works'));
    expect(await handle.result()).toBe(3);
    const messages = (await eventsOf(engine, handle.id)).flatMap(({ type, data }) =>
      type === 'TASK_RETRY_SCHEDULED' ? [(data['error'] as { message: string }).message] : [],
    );
    expect(messages).toEqual(['run 1', 'run 2']);
  });

  it('can run beside others, each remembered by its name', async () => {
    let runs = 0;
    const works = agent(
      'works',
      async (_, ctx) => {
        const results = await Promise.all(Array.from({ length: 20 }, (__, n) => ctx.step(`part ${n}`, async () => (runs++, n * 2))));
        if (ctx.attempt.number === 1) throw new Error('again');
        return results;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([works]);
    expect(await (await engine.submitJob(objective('works'))).result()).toEqual(Array.from({ length: 20 }, (_, n) => n * 2));
    expect(runs).toBe(20);
  });

  it('may hold another step, or a skip', async () => {
    const nests = agent('nests', (_, ctx) => ctx.step('outer', () => ctx.step('inner', () => 'from inside')));
    const skips = agent('skips', (_, ctx) => ctx.step('one', () => ctx.skip('found nothing')));
    const engine = await lab.start([nests, skips]);
    expect(await (await engine.submitJob(objective('nests'))).result()).toBe('from inside');
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'skips' }] });
    await handle.result();
    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({ status: 'SKIPPED', statusMessage: 'found nothing' });
  });

  it('that asks another task (ctx.need) comes to an end: it waits for nothing that waits for it', async () => {
    const clock = new VirtualClock();
    const source = agent('source', () => 'answer');
    const asks = agent('asks', (_, ctx) => ctx.step('one', () => ctx.need('source', 1) as Promise<string>), { timeout: '1h' });
    const engine = await lab.start([source, asks], { clock });
    const handle = await engine.submitJob(objective('asks'));
    await clock.advance(60_000);
    const { status } = await handle.status();
    // Either the answer comes through the step, or the agent is told at that line that this cannot be.
    if (status === 'COMPLETED') expect(await handle.result()).toBe('answer');
    else expect([status, (await taskOf(engine, handle.id, 'a')).error?.code]).toEqual(['FAILED', expect.any(String)]);
  });

  it('takes any text as a name', async () => {
    const names = ['', ' ', 'ä🐙', '__proto__', 'constructor', "x'; DROP TABLE taskloom_step; --", 'n'.repeat(5_000), 'nul \u0000'];
    let runs = 0;
    const works = agent(
      'works',
      async (_, ctx) => {
        const results: string[] = [];
        for (const name of names) results.push(await ctx.step(name, () => (runs++, name)));
        if (ctx.attempt.number === 1) throw new Error('again');
        return results;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([works]);
    expect(await (await engine.submitJob(objective('works'))).result()).toEqual(names);
    expect(runs).toBe(names.length);
  });
});
