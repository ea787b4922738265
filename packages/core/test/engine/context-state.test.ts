import { describe, expect, it } from '@jest/globals';

import type { Json, TaskContext } from '../../src/index.js';
import { agent, counted } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { outputOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

/** An agent that does what it is told, and gives back what came of it. */
const doing = (act: (ctx: TaskContext) => unknown) => agent('does', (_, ctx) => act(ctx));

describe('ctx.cache', () => {
  it('keeps values for the task, the job or all jobs, each under keys of its own', async () => {
    const writes = agent('writes', async (_, ctx) => {
      await ctx.cache.task.set('k', 'of the task');
      await ctx.cache.job.set('k', 'of the job');
      await ctx.cache.global.set('k', { of: ['all'] });
    });
    const reads = agent('reads', async (_, { cache }) => ({
      task: (await cache.task.get('k')) ?? 'none',
      job: (await cache.job.get('k')) ?? 'none',
      global: (await cache.global.get('k')) ?? 'none',
    }));
    const engine = await lab.start([writes, reads]);
    const first = await engine.submitJob({
      name: 'one',
      tasks: [
        { key: 'w', agent: 'writes' },
        { key: 'r', agent: 'reads', dependsOn: ['w'] },
      ],
    });
    await first.result();
    const second = await engine.submitJob({ name: 'two', tasks: [{ key: 'r', agent: 'reads' }] });
    await second.result();

    expect(await outputOf(engine, first.id, 'r')).toEqual({ task: 'none', job: 'of the job', global: { of: ['all'] } });
    expect(await outputOf(engine, second.id, 'r')).toEqual({ task: 'none', job: 'none', global: { of: ['all'] } });
  });

  it('of a task is there in its later attempts, also after a restart', async () => {
    const works = counted('works', async (_, ctx: TaskContext) => {
      const done = (await ctx.cache.task.get<number>('done')) ?? 0;
      await ctx.cache.task.set('done', done + 1);
      if (done < 1) throw new Error('not yet');
      return done;
    });
    const engine = await lab.start([works.agent]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await handle.result().catch(() => undefined);
    const again = await lab.restart(engine, [works.agent]);
    await again.retryJob(handle.id);
    await again.job(handle.id).result();

    expect(await outputOf(again, handle.id, 'a')).toBe(1);
  });

  it('forgets a value when its time is over, or when it is deleted', async () => {
    const clock = new VirtualClock();
    const gates = [new Gate(), new Gate()];
    const does = doing(async ({ cache }) => {
      await cache.job.set('short', 1, { ttl: '10s' });
      await cache.job.set('long', null);
      await gates[0]!.pass();
      const before = [await cache.job.get('short'), await cache.job.get('long')];
      await gates[1]!.pass();
      const after = [(await cache.job.get('short')) === undefined, await cache.job.get('long')];
      return [before, after, await cache.job.delete('long'), await cache.job.delete('long'), (await cache.job.get('long')) === undefined];
    });
    const engine = await lab.start([does], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'does' }] });
    await gates[0]!.reached();
    await clock.advance(9_999);
    gates[0]!.open();
    await gates[1]!.reached();
    await clock.advance(1);
    gates[1]!.open();
    await clock.advanceUntil(handle.result());

    expect(await outputOf(engine, handle.id, 'a')).toEqual([[1, null], [true, null], true, false, true]);
  });

  it('holds as many values as the engine allows, and gives up what was used longest ago', async () => {
    const clock = new VirtualClock();
    const does = doing(async ({ cache }) => {
      for (const key of ['a', 'b', 'c']) {
        await cache.global.set(key, key);
        clock.jump(1);
      }
      await cache.global.get('a');
      clock.jump(1);
      await cache.job.set('d', 'd');
      return [await cache.global.get('a'), (await cache.global.get('b')) ?? null, await cache.global.get('c'), await cache.job.get('d')];
    });
    const engine = await lab.start([does], { clock, cache: { entries: 3 } });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'x', agent: 'does' }] });
    await clock.advanceUntil(handle.result());

    expect(await outputOf(engine, handle.id, 'x')).toEqual(['a', null, 'c', 'd']);
  });

  it('holds as many bytes as the engine allows', async () => {
    const does = doing(async ({ cache }) => {
      for (const key of ['a', 'b', 'c']) await cache.global.set(key, 'x'.repeat(400));
      return [(await cache.global.get('a')) ?? null, ((await cache.global.get<string>('c')) ?? '').length];
    });
    const engine = await lab.start([does], { cache: { bytes: 1_000 } });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'x', agent: 'does' }] });
    await handle.result();

    expect(await outputOf(engine, handle.id, 'x')).toEqual([null, 400]);
  });

  it.each<[string, (ctx: TaskContext) => unknown, string]>([
    ['an empty key', ({ cache }) => cache.job.get(''), 'ENTRY_INVALID'],
    ['a long key', ({ cache }) => cache.job.set('x'.repeat(501), 1), 'ENTRY_INVALID'],
    ['a key with a line end', ({ cache }) => cache.job.delete('a\nb'), 'ENTRY_INVALID'],
    ['a key with half a character', ({ cache }) => cache.job.get('\ud800'), 'ENTRY_INVALID'],
    ['a key that is no text', ({ cache }) => cache.job.get(7 as unknown as string), 'ENTRY_INVALID'],
    ['a value that is not JSON', ({ cache }) => cache.job.set('k', new Date() as unknown as Json), 'OUTPUT_NOT_JSON'],
    ['no value', ({ cache }) => cache.job.set('k', undefined as unknown as Json), 'OUTPUT_NOT_JSON'],
    ['a value that is too large', ({ cache }) => cache.job.set('k', 'x'.repeat(2_000)), 'OUTPUT_TOO_LARGE'],
    ['no time at all', ({ cache }) => cache.job.set('k', 1, { ttl: 0 }), 'ENTRY_INVALID'],
    ['a time that is none', ({ cache }) => cache.job.set('k', 1, { ttl: 'soon' as '1s' }), 'ENTRY_INVALID'],
    ['a namespace that is no name', (ctx) => ctx.shared('a/b').get('k'), 'NAME_INVALID'],
    ['a version that is none', (ctx) => ctx.shared('a').compareAndSet('k', -1, 1), 'ENTRY_INVALID'],
    ['half a version', (ctx) => ctx.shared('a').delete('k', { version: 1.5 }), 'ENTRY_INVALID'],
  ])('refuses %s', async (_, act, code) => {
    const engine = await lab.start([doing(act)], { limits: { outputBytes: 1_000 } });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'does' }] });
    await handle.result().catch(() => undefined);

    expect((await taskOf(engine, handle.id, 'a')).error).toMatchObject({ code });
  });

  it('is of no use after the attempt has ended', async () => {
    let kept: TaskContext | undefined;
    const engine = await lab.start([doing((ctx) => void (kept = ctx))]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'does' }] });
    await handle.result();

    for (const call of [() => kept!.cache.job.get('k'), () => kept!.cache.job.set('k', 1), () => kept!.shared('a').put('k', 1)])
      expect((await refusal(call())).code).toBe('ATTEMPT_ENDED');
  });
});

describe('ctx.shared', () => {
  it('counts right though many tasks of several jobs count at the same time', async () => {
    const counts = agent('counts', async (_, ctx) => {
      const state = ctx.shared('totals');
      for (let tries = 1; ; tries += 1) {
        const found = await state.get<number>('n');
        if ((await state.compareAndSet('n', found?.version ?? 0, (found?.value ?? 0) + 1)) !== null) return tries;
      }
    });
    const engine = await lab.start([counts], { maxParallel: 10 });
    const handles = await Promise.all(
      [1, 2].map(() =>
        engine.submitJob({ name: 'job', tasks: Array.from({ length: 25 }, (_, no) => ({ key: `t${no}`, agent: 'counts' })) }),
      ),
    );
    await Promise.all(handles.map((handle) => handle.result()));
    const reads = agent('reads', (_, ctx) => ctx.shared('totals').get('n'));
    engine.register(reads);
    const reading = await engine.submitJob({ name: 'job', tasks: [{ key: 'r', agent: 'reads' }] });
    await reading.result();

    expect(await outputOf(engine, reading.id, 'r')).toMatchObject({ value: 50, expiresAt: null });
  });

  it('keeps namespaces apart, gives versions, and deletes what has the version', async () => {
    const does = doing(async (ctx) => {
      const [one, two] = [ctx.shared('one'), ctx.shared('two')];
      const first = await one.put('k', 'a');
      const second = await one.put('k', 'b');
      return {
        grows: second > first,
        one: (await one.get('k'))?.value,
        two: await two.get('k'),
        stale: await one.compareAndSet('k', first, 'c'),
        taken: await one.compareAndSet('k', 0, 'c'),
        staleDelete: await one.delete('k', { version: first }),
        deleted: await one.delete('k', { version: second }),
        gone: await one.get('k'),
      };
    });
    const engine = await lab.start([does]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'does' }] });
    await handle.result();

    expect(await outputOf(engine, handle.id, 'a')).toEqual({
      grows: true,
      one: 'b',
      two: null,
      stale: null,
      taken: null,
      staleDelete: false,
      deleted: true,
      gone: null,
    });
  });

  it('forgets an entry when its time is over', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const does = doing(async (ctx) => {
      const state = ctx.shared('locks');
      await state.compareAndSet('door', 0, 'mine', { ttl: '30s' });
      const until = (await state.get('door'))?.expiresAt ?? 0;
      await gate.pass();
      return [until - clock.now(), await state.get('door'), (await state.compareAndSet('door', 0, 'theirs')) !== null];
    });
    const engine = await lab.start([does], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'does' }] });
    await gate.reached();
    await clock.advance(30_000);
    gate.open();
    await clock.advanceUntil(handle.result());

    expect(await outputOf(engine, handle.id, 'a')).toEqual([0, null, true]);
  });

  it('is not given up for the bound of the caches', async () => {
    const does = doing(async (ctx) => {
      await ctx.shared('a').put('k', 'x'.repeat(500));
      for (let no = 0; no < 5; no += 1) await ctx.cache.job.set(`k${no}`, 'x'.repeat(90));
      return ((await ctx.shared('a').get<string>('k'))?.value ?? '').length;
    });
    const engine = await lab.start([does], { cache: { entries: 2, bytes: 200 } });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'does' }] });
    await handle.result();

    expect(await outputOf(engine, handle.id, 'a')).toBe(500);
  });
});
