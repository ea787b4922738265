import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type Ref } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { eventsOf, outputOf, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

const Split = defineAgent({
  name: 'split',
  input: z.object({ text: z.string(), by: z.string().default(' ') }),
  output: z.object({ words: z.array(z.string()), count: z.number().int(), note: z.string().optional() }),
  execute: ({ text, by }) => ({ words: text.split(by), count: text.split(by).length }),
});
const Join = defineAgent({
  name: 'join',
  input: z.object({ words: z.array(z.string()), with: z.string() }),
  output: z.string(),
  execute: (input) => input.words.join(input.with),
});

describe('a plan', () => {
  it('turns refs into dependencies, wherever they stand in the input', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({ text: z.string() }),
      output: z.object({ joined: z.string(), first: z.string(), all: z.array(z.unknown()) }),
      plan: (flow, { text }) => {
        const split = flow.add(Split, { text });
        const join = flow.add(Join, { words: split.out.words, with: '+' });
        const nested = flow.add(echo, { deep: [{ here: split.out.count }, join.out], plain: 1 });
        return { joined: join.out, first: split.out.words[0] as Ref<string>, all: [split.out, nested.out, 'literal'] };
      },
    });
    const engine = await lab.start([Split, Join, echo, Wf]);
    const job = await engine.startWorkflow(Wf, { text: 'a b c' });
    expect(await job.result()).toEqual({
      joined: 'a+b+c',
      first: 'a',
      all: [{ words: ['a', 'b', 'c'], count: 3 }, { deep: [{ here: 3 }, 'a+b+c'], plain: 1 }, 'literal'],
    });
    const { no: split } = await taskOf(engine, job.id, 'split');
    const { no: join } = await taskOf(engine, job.id, 'join');
    expect((await taskOf(engine, job.id, 'join')).dependencies).toEqual([{ on: split, mode: 'completed' }]);
    expect((await taskOf(engine, job.id, 'echo')).dependencies).toEqual([
      { on: split, mode: 'completed' },
      { on: join, mode: 'completed' },
    ]);
  });

  it('gets the input as its schema gives it, and the job keeps what the caller gave', async () => {
    let seen: unknown;
    const Wf = defineWorkflow({ name: 'wf', input: z.object({ limit: z.number().default(7) }), plan: (_, input) => void (seen = input) });
    const engine = await lab.start([Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(seen).toEqual({ limit: 7 });
    expect((await engine.reader.jobInput(job.id, 1_000))?.value).toEqual({});
    await job.result();
  });

  it('gives agents their input parsed, and keeps their output parsed', async () => {
    const Loose = defineAgent({
      name: 'loose',
      input: z.object({ n: z.number().default(4) }),
      output: z.object({ twice: z.number(), unit: z.string().default('m') }),
      execute: ({ n }) => ({ twice: n * 2, extra: 'dropped' }),
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.object({ twice: z.number(), unit: z.string() }),
      plan: (flow) => flow.add(Loose, {}).out,
    });
    const engine = await lab.start([Loose, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual({ twice: 8, unit: 'm' });
    expect(await outputOf(engine, job.id, 'loose')).toEqual({ twice: 8, unit: 'm' });
    expect((await engine.reader.taskInputs([{ jobId: job.id, no: 1 }], 1_000))[0]?.value).toEqual({});
  });

  it('may be async, and may lay out tasks after an await', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.object({ text: z.unknown() }),
      plan: async (flow) => {
        const first = flow.add(echo, 'a');
        await new Promise((resolve) => setImmediate(resolve));
        return { text: flow.add(echo, [first.out, 'b']).out };
      },
    });
    const engine = await lab.start([echo, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual({ text: ['a', 'b'] });
  });

  it('that returns a bare ref makes that the output of the job', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.array(z.string()),
      plan: (flow) => flow.add(Split, { text: 'x y' }).out.words,
    });
    const engine = await lab.start([Split, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual(['x', 'y']);
  });

  it('that returns nothing gives a job without an output', async () => {
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => void flow.add(echo, 1) });
    const engine = await lab.start([echo, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toBeNull();
    expect(await statusesOf(engine, job.id)).toEqual({ echo: 'COMPLETED' });
  });

  it('that lays out nothing gives a job that completes at once', async () => {
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: () => undefined });
    const engine = await lab.start([Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await job.result();
    expect((await job.status()).counts.COMPLETED).toBe(1);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no such site');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such site'))],
  ])('that %s starts no job; its caller gets what it threw', async (_, plan) => {
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => (flow.add(echo, 1), plan()) });
    const engine = await lab.start([echo, Wf]);
    await expect(engine.startWorkflow(Wf, {})).rejects.toThrow('no such site');
    expect(await engine.reader.countJobs({})).toBe(0);
    // The engine lives.
    await (await engine.submitJob({ name: 'next', tasks: [{ key: 'a', agent: 'echo' }] })).result();
  });

  it('run twenty times at the same moment keeps the tasks and the output of each run apart (M7)', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({ text: z.string() }),
      output: z.string(),
      plan: (flow, { text }) => flow.add(Join, { words: flow.add(Split, { text }).out.words, with: '+' }).out,
    });
    const engine = await lab.start([Split, Join, Wf]);
    const texts = Array.from({ length: 20 }, (_, n) => `run ${n}`);
    const jobs = await Promise.all(texts.map((text) => engine.startWorkflow(Wf, { text })));
    expect(await Promise.all(jobs.map((job) => job.result()))).toEqual(texts.map((text) => text.replace(' ', '+')));
    for (const { id } of jobs) expect([...(await tasksOf(engine, id)).keys()]).toHaveLength(3);
  });

  it('runs once for each job: not again at a restart', async () => {
    let plans = 0;
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => (plans++, void flow.add('later', {})) });
    const engine = await lab.start([agent('later'), Wf], { file: 'a.db' });
    await (await engine.startWorkflow(Wf, {})).result();
    const again = await lab.restart(engine, [agent('later'), Wf], { file: 'a.db' });
    expect(plans).toBe(1);
    await again.stop();
  });

  it('whose output does not fit the declared schema fails the job with the place', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.object({ n: z.number() }),
      plan: (flow) => ({ n: flow.add(echo, 'text').out as never }),
    });
    const engine = await lab.start([echo, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    const error = await refusal(job.result());
    expect(error.code).toBe('JOB_FAILED');
    const objective = [...(await tasksOf(engine, job.id)).values()][0]!;
    expect(objective).toMatchObject({ status: 'FAILED', error: { code: 'OUTPUT_SCHEMA' } });
    expect(objective.error?.message).toContain('/n');
    expect((await job.status()).success).toBe(false);
  });

  it('gives tasks their keys, names, descriptions, kinds, criteria, priorities and metadata (a round trip of every field: D7)', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      description: 'What it is for',
      input: z.object({}),
      plan: (flow) => {
        flow.objective('Know the site', 'Everything about it');
        const story = flow.story('Read it all').named('reading').describedAs('All pages').onFailure('continue');
        story.add(
          task(echo, { n: 1 })
            .named('first')
            .describedAs('First page', 'The very first')
            .ofKind('page')
            .acceptedWhen('it is not empty')
            .priority(8)
            .retry({ maxAttempts: 4, backoff: 'none' })
            .timeout('9s')
            .onFailure('skip')
            .withMetadata({ owner: 'x' }),
        );
        story.add(echo, 2);
        story.add(echo, 3);
      },
    });
    const engine = await lab.start([echo, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await job.result();
    const tasks = await tasksOf(engine, job.id);
    expect([...tasks.keys()]).toEqual(['objective', 'reading', 'first', 'echo', 'echo-2']);
    expect(tasks.get('objective')).toMatchObject({
      type: 'OBJECTIVE',
      name: 'Know the site',
      description: 'Everything about it',
      parent: null,
    });
    expect(tasks.get('reading')).toMatchObject({
      type: 'STORY',
      name: 'Read it all',
      description: 'All pages',
      parent: 0,
      failureStrategy: 'continue',
      agent: null,
    });
    expect(tasks.get('first')).toMatchObject({
      type: 'TASK',
      name: 'First page',
      description: 'The very first',
      kind: 'page',
      acceptanceCriteria: 'it is not empty',
      priority: 8,
      maxAttempts: 4,
      timeoutMs: 9_000,
      failureStrategy: 'skip',
      metadata: { owner: 'x' },
      agent: 'echo',
      attempt: 1,
      generation: 1,
      origin: 'plan',
    });
    expect(tasks.get('echo-2')).toMatchObject({
      name: 'echo-2',
      parent: 1,
      priority: 5,
      maxAttempts: 1,
      timeoutMs: 300_000,
      idleTimeoutMs: 0,
      runAt: null,
      failureStrategy: 'continue',
    });
  });

  it('names stories after their titles, each with a key of its own', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        for (const title of ['Über uns!', 'Über uns!', '日本語', 'Read It']) flow.story(title).add(echo, 1);
      },
    });
    const engine = await lab.start([echo, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await job.result();
    const stories = [...(await tasksOf(engine, job.id)).values()].filter(({ type }) => type === 'STORY');
    expect(new Set(stories.map(({ key }) => key)).size).toBe(4);
    expect(stories.map(({ name }) => name)).toEqual(['Über uns!', 'Über uns!', '日本語', 'Read It']);
  });
});

describe('a ref', () => {
  it.each<[string, (ref: Ref<{ words: string[]; count: number }>) => unknown]>([
    ['in a template text', (ref) => `a text with ${ref as unknown as string}`],
    ['in a sum', (ref) => (ref.count as unknown as number) + 1],
    ['in a loop', (ref) => [...(ref.words as unknown as string[])]],
    ['in JSON.stringify', (ref) => JSON.stringify(ref)],
    ['in Object.keys', (ref) => Object.keys(ref)],
  ])('used as a value %s is refused with REF_USED_AS_VALUE, and no job is stored', async (_, use) => {
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => void use(flow.add(Split, { text: 'a' }).out as never) });
    const engine = await lab.start([Split, Wf]);
    expect((await refusal(engine.startWorkflow(Wf, {}))).code).toBe('REF_USED_AS_VALUE');
    expect(await engine.reader.countJobs({})).toBe(0);
  });

  it('of another flow is refused', async () => {
    let stolen: Ref<unknown> | undefined;
    const First = defineWorkflow({ name: 'first', input: z.object({}), plan: (flow) => void (stolen = flow.add(echo, 1).out) });
    const Second = defineWorkflow({ name: 'second', input: z.object({}), plan: (flow) => void flow.add(echo, stolen) });
    const engine = await lab.start([echo, First, Second]);
    await (await engine.startWorkflow(First, {})).result();
    expect((await refusal(engine.startWorkflow(Second, {}))).code).toBe('REF_USED_AS_VALUE');
  });

  it('to an optional property takes its fallback where there is none, and the property is left out without one', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const split = flow.add(Split, { text: 'a' });
        return flow.add(echo, { with: split.out.note.or('nothing'), without: split.out.note, list: [1, split.out.note, 2] }).out;
      },
    });
    const engine = await lab.start([Split, echo, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual({ with: 'nothing', list: [1, 2] });
  });

  it('to a value that is null passes null on: null is a value', async () => {
    let missing: readonly string[] | undefined;
    const Nullable = defineAgent({
      name: 'nullable',
      input: z.object({ whole: z.null(), part: z.string().nullable(), or: z.string().nullable() }),
      output: z.unknown(),
      execute: (input, ctx) => ((missing = ctx.missing), input),
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const whole = flow.add(echo, null).out as Ref<null>;
        const part = (flow.add(echo, { x: null }).out as Ref<{ x: string | null }>).x;
        return flow.add(Nullable, { whole, part, or: part.or('fallback') }).out;
      },
    });
    const engine = await lab.start([echo, Nullable, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual({ whole: null, part: null, or: null });
    expect(missing).toEqual([]);
  });

  it('into a list by index, and to falsy values, reads what is there', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const source = flow.add(echo, { zero: 0, no: false, empty: '', list: [[1, 2], [3]], 'a/b': { '~': 'tilde' } }).out as Ref<
          Record<string, never>
        >;
        return {
          zero: source['zero'],
          no: source['no'],
          empty: source['empty'],
          item: (source['list'] as never as Ref<number[][]>)[1]![0],
          odd: (source['a/b'] as never as Ref<Record<string, string>>)['~'],
        };
      },
    });
    const engine = await lab.start([echo, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual({ zero: 0, no: false, empty: '', item: 3, odd: 'tilde' });
  });
});

describe('the log of a planned job', () => {
  it('begins with the job and its whole graph', async () => {
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => void flow.add(echo, flow.add(echo, 1).out) });
    const engine = await lab.start([echo, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await job.result();
    const events = await eventsOf(engine, job.id);
    expect(events.slice(0, 3).map(({ seq, type, actor }) => [seq, type, actor])).toEqual([
      [1, 'JOB_SUBMITTED', 'user'],
      [2, 'TASKS_ADDED', 'user'],
      [3, 'TASK_STARTED', 'engine'],
    ]);
    expect(events[1]!.data).toMatchObject({ from: 0, count: 3 });
  });
});
