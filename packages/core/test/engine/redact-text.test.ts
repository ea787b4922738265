import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineTopic, defineWorkflow, FatalError, task, type EngineOptions, type TaskContext } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { aborted, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const CANARY = 'canary-1f9c';
const redactText: NonNullable<EngineOptions['redactText']> = (text) => text.replaceAll(CANARY, '[hidden]');

/** Every byte of the database, what waits to be written into it included. */
function stored(): string {
  const folder = dirname(lab.path());
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

describe('texts that must not be stored', () => {
  it('are not in the name of an engine', async () => {
    const engine = await lab.start([echo], { redactText, name: `host ${CANARY}` });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] });
    await handle.result();

    expect(engine.name).toBe('host [hidden]');
    expect((await eventsOf(engine, handle.id))[0]!.engine).toEqual({ id: engine.id, name: 'host [hidden]' });
    expect(stored()).not.toContain(CANARY);
  });

  it('are nowhere in the database, whatever way they are said', async () => {
    const news = defineTopic({ name: 'news', payload: z.object({ text: z.string() }) });
    const begun = new Gate();
    const said = agent(
      'says',
      async (input: { key: string }, ctx: TaskContext) => {
        ctx.progress(10, `progress ${CANARY}`);
        ctx.stream(`stream ${CANARY}`);
        await ctx.step('one', () => ({ [CANARY]: CANARY }));
        await ctx.cache.global.set('kept', { key: CANARY });
        await ctx.shared('all').put('kept', CANARY);
        await ctx.publish(news, { text: CANARY });
        await ctx.spawn(echo, { key: CANARY }, { assignee: CANARY });
        const answer = (await ctx.ask('which', {
          question: `Which ${CANARY}?`,
          about: { key: CANARY },
          schema: z.string(),
          assignee: CANARY,
        })) as {
          answer: string;
        };
        return { input, answer, more: CANARY };
      },
      { publishes: [news] },
    );
    const fails = agent('fails', () => {
      throw new FatalError(`not with ${CANARY}`, { cause: new Error(CANARY) });
    });
    const skips = agent('skips', (_: unknown, ctx: TaskContext) => ctx.skip(`because of ${CANARY}`));
    const stuck = agent('stuck', (_: unknown, ctx: TaskContext) => (void begun.pass(), aborted(ctx.signal).then(() => null)));
    const flow = defineWorkflow({
      name: 'flow',
      input: z.object({ key: z.string() }),
      plan: (plan, { key }) => plan.add(task(echo, { key })).named(`named`).out,
    });
    const engine = await lab.start([said, fails, skips, stuck, echo, flow], { redactText });
    const handle = await engine.submitJob({
      name: `job ${CANARY}`,
      input: { key: CANARY },
      tasks: [
        {
          key: 'says',
          agent: 'says',
          name: `name ${CANARY}`,
          description: CANARY,
          kind: CANARY,
          assignee: CANARY,
          acceptanceCriteria: CANARY,
          input: { key: CANARY },
          metadata: { key: CANARY },
        },
        { key: 'fails', agent: 'fails', failureStrategy: 'continue' },
        { key: 'stands-in', agent: 'fails', useValue: { key: CANARY } },
        { key: 'skips', agent: 'skips' },
        {
          key: 'reads',
          agent: 'echo',
          input: { key: null },
          refs: [{ at: '/key', task: 'skips', path: '/x', or: CANARY }],
          dependsOn: [{ task: 'skips', mode: 'settled' }],
        },
        {
          key: 'maps',
          map: {
            over: { task: 'says', path: '/none' },
            agent: 'echo',
            input: { value: { key: CANARY, item: null }, refs: [] },
            items: [{ at: '/item', path: '' }],
          },
          when: { task: 'skips', or: CANARY },
        },
        { key: 'stuck', agent: 'stuck' },
      ],
      options: { metadata: { key: CANARY }, carried: { key: CANARY } },
    });
    const { data } = await eventOf(engine, handle.id, 'HUMAN_REQUESTED');
    await engine.answerHumanRequest(data['request'] as string, `answer ${CANARY}`, { reason: CANARY });
    await begun.reached();
    await engine.addTasks(handle.id, [{ key: 'more', agent: 'echo', name: CANARY, input: [CANARY], metadata: { key: CANARY } }]);
    await engine.pauseTask((await taskOf(engine, handle.id, 'stuck')).id, { reason: CANARY });
    await eventOf(engine, handle.id, 'TASK_COMPLETED', 'says');
    await engine.cancelJob(handle.id, { reason: `for ${CANARY}` });
    await ended(engine, handle.id);
    await engine.createSchedule({ id: 'often', workflow: 'flow', every: '1h', input: { key: CANARY } });
    await (await engine.startWorkflow(flow, { key: CANARY })).result();
    const whole = JSON.stringify([
      await eventsOf(engine, handle.id),
      await engine.reader.job(handle.id),
      await outputOf(engine, handle.id, 'says'),
    ]);

    expect(whole).toContain('[hidden]');
    expect(whole).not.toContain(CANARY);
    expect(stored()).toContain('[hidden]');
    expect(stored()).not.toContain(CANARY);
    expect(await outputOf(engine, handle.id, 'says')).toEqual({ input: { key: '[hidden]' }, answer: expect.anything(), more: '[hidden]' });
  });

  it('take nothing with them where they cannot be changed', async () => {
    const engine = await lab.start([echo], {
      redactText: (text) => {
        if (text.includes(CANARY)) throw new Error('no');
        return text;
      },
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', input: { key: CANARY, other: 'this' } }] });
    await handle.result();

    expect(await outputOf(engine, handle.id, 'a')).toEqual({ key: '(not shown)', other: 'this' });
  });

  it('leave what things are found by: a job by its idempotency key, a step by its name', async () => {
    const clock = new VirtualClock();
    let steps = 0;
    const naps = agent('naps', async (_: unknown, ctx: TaskContext) => {
      await ctx.step(`step ${CANARY}`, () => (steps += 1));
      await ctx.sleep(`nap ${CANARY}`, '1m');
      return steps;
    });
    const engine = await lab.start([naps], { redactText, clock });
    const submission = { name: 'job', tasks: [{ key: 'a', agent: 'naps', input: CANARY }], options: { idempotencyKey: `key ${CANARY}` } };
    const [one, other] = [await engine.submitJob(submission), await engine.submitJob(submission)];
    expect(other.id).toBe(one.id);
    expect((await refusal(engine.submitJob({ ...submission, name: 'another' }))).code).toBe('IDEMPOTENCY_CONFLICT');
    await clock.runUntil(one.result());
    expect(await outputOf(engine, one.id, 'a')).toBe(1);
  });
});
