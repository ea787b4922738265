import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

/** Writes a longer text each time it is rejected, and notes what it was told. */
function writer(settings: Parameters<typeof agent>[2] = {}) {
  const told: (string | null)[] = [];
  const draft = agent(
    'writer',
    (_, ctx) => {
      told.push(ctx.attempt.feedback);
      return 'x'.repeat(told.length);
    },
    settings,
  );
  return { agent: draft, told };
}

const written: TaskSubmission[] = [
  { key: 'draft', agent: 'writer' },
  { key: 'print', agent: 'echo', input: null, refs: [{ at: '', task: 'draft' }] },
];
const waits = (engine: Parameters<typeof eventOf>[0], jobId: string, times = 1) =>
  eventOf(engine, jobId, 'TASK_RETURNED', 'draft', () => (times -= 1) === 0);

describe('a manual review', () => {
  it('holds dependents back until the task is accepted; it was rejected once, and ran again with the reason (A14)', async () => {
    const { agent: draft, told } = writer();
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ ...written[0]!, review: 'manual' }, written[1]!] });
    await waits(engine, id);
    const waiting = await taskOf(engine, id, 'draft');
    expect(waiting).toMatchObject({ status: 'BLOCKED', statusReason: 'WAITING_REVIEW', attempt: 1 });
    expect(await statusesOf(engine, id)).toMatchObject({ print: 'PENDING' });
    // What is to be judged can be read.
    expect(await outputOf(engine, id, 'draft')).toBe('x');
    await engine.rejectTask(waiting.id, { reason: 'too short', actor: 'ada' });
    await waits(engine, id, 2);
    expect(told).toEqual([null, 'too short']);
    expect(await taskOf(engine, id, 'draft')).toMatchObject({ generation: 2, statusReason: 'WAITING_REVIEW' });
    await engine.acceptTask(waiting.id, { actor: 'ada', reason: 'fine' });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, id)).toEqual({ draft: 'ACCEPTED', print: 'COMPLETED' });
    expect(await outputOf(engine, id, 'print')).toBe('xx');
    expect((await eventsOf(engine, id)).filter(({ actor }) => actor === 'user:ada').map(({ type }) => type)).toEqual([
      'TASK_REJECTED',
      'TASK_ACCEPTED',
    ]);
  });

  it('that nobody gives is open for ever, or until the deadline of its task (bad input F5)', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([writer().agent], { clock });
    const review = { key: 'draft', agent: 'writer', review: 'manual' } as const;
    const jobs = [];
    for (const more of [{}, { deadline: clock.now() + 86_400_000 }])
      jobs.push((await engine.submitJob({ name: 'job', tasks: [{ ...review, ...more }] })).id);
    for (const id of jobs) await waits(engine, id);

    await clock.advance(86_400_001);
    expect((await ended(engine, jobs[1]!)).status).toBe('FAILED');
    expect(await taskOf(engine, jobs[1]!, 'draft')).toMatchObject({ status: 'FAILED', error: { code: 'DEADLINE_EXCEEDED' } });
    await clock.advance(29 * 86_400_000);
    const open = await taskOf(engine, jobs[0]!, 'draft');
    expect(open).toMatchObject({ status: 'BLOCKED', statusReason: 'WAITING_REVIEW' });
    expect(await engine.why(open.id)).toMatchObject({ code: 'WAITING_REVIEW' });
    await engine.acceptTask(open.id);
    expect((await ended(engine, jobs[0]!)).status).toBe('COMPLETED');
  });

  it('is still open after a restart', async () => {
    const { agent: draft } = writer({ review: 'manual' });
    const first = await lab.start([draft, echo]);
    const { id } = await first.submitJob({ name: 'job', tasks: written });
    await waits(first, id);
    const second = await lab.restart(first, [draft, echo]);
    await second.acceptTask((await taskOf(second, id, 'draft')).id);
    await ended(second, id);
    expect(await outputOf(second, id, 'print')).toBe('x');
  });

  it('rejects for good after `maxRejections`, which counts as failed: no more, and no less', async () => {
    const { agent: draft, told } = writer({ review: { by: 'manual', maxRejections: 2 } });
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    for (let round = 1; round <= 3; round += 1) {
      await waits(engine, id, round);
      await engine.rejectTask((await taskOf(engine, id, 'draft')).id, { reason: `no ${round}` });
    }
    const job = await ended(engine, id);
    expect(job).toMatchObject({ status: 'FAILED', success: false, error: { code: 'JOB_FAILED' } });
    expect(told).toEqual([null, 'no 1', 'no 2']);
    expect(await statusesOf(engine, id)).toEqual({ draft: 'REJECTED REVIEW_FAILED', print: 'CANCELLED JOB_FAILED' });
  });

  it('of 0 rejections rejects for good at once; 3 are permitted where nobody says', async () => {
    const none = writer({ review: { by: 'manual', maxRejections: 0 } });
    const engine = await lab.start([none.agent, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await waits(engine, id);
    await engine.rejectTask((await taskOf(engine, id, 'draft')).id, { reason: 'no' });
    await ended(engine, id);
    expect(none.told).toEqual([null]);
    await lab.fresh();
    const usual = writer({ review: () => 'never' });
    const other = await lab.start([usual.agent, echo]);
    await ended(other, (await other.submitJob({ name: 'job', tasks: written })).id);
    expect(usual.told).toEqual([null, 'never', 'never', 'never']);
  });

  it.each([
    ['skip', 'SKIPPED DEPENDENCY_FAILED'],
    ['continue', 'COMPLETED'],
  ] as const)('that rejects for good follows the strategy `%s`', async (failureStrategy, print) => {
    const { agent: draft } = writer({ review: () => false });
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { ...written[0]!, failureStrategy },
        { key: 'print', agent: 'echo', dependsOn: ['draft'] },
      ],
    });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: false });
    expect(await statusesOf(engine, id)).toEqual({ draft: 'REJECTED REVIEW_FAILED', print });
  });

  it('that rejects for good keeps the output from those who go on without it', async () => {
    const seen: unknown[] = [];
    const Reader = defineAgent({
      name: 'reader',
      input: z.object({ text: z.string().optional() }),
      output: z.null(),
      execute: (input, ctx) => (seen.push({ input, missing: ctx.missing, dependencies: ctx.dependencies }), null),
    });
    const { agent: draft } = writer({ review: () => false });
    const engine = await lab.start([draft, Reader]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { ...written[0]!, failureStrategy: 'continue' },
        { key: 'read', agent: 'reader', input: { text: null }, refs: [{ at: '/text', task: 'draft' }] },
      ],
    });
    await ended(engine, id);
    expect(seen).toEqual([{ input: {}, missing: ['draft'], dependencies: {} }]);
  });

  it('that rejects for good lets a value stand in, or another task', async () => {
    const { agent: draft } = writer({ review: () => 'no' });
    const engine = await lab.start([draft, echo]);
    const value = await engine.submitJob({ name: 'job', tasks: [{ ...written[0]!, useValue: 'instead' }, written[1]!] });
    const route = await engine.submitJob({
      name: 'job',
      tasks: [{ ...written[0]!, routeTo: 'other' }, written[1]!, { key: 'other', agent: 'echo', input: 'by another' }],
    });
    expect(await ended(engine, value.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await ended(engine, route.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect([await outputOf(engine, value.id, 'print'), await outputOf(engine, route.id, 'print')]).toEqual(['instead', 'by another']);
  });

  it('that rejects for good asks a person where the strategy is `ask`', async () => {
    const { agent: draft, told } = writer({ review: (output: unknown) => String(output).length > 2 || 'longer', retry: 1 });
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [{ ...written[0]!, failureStrategy: 'ask', review: 'manual' }, written[1]!],
    });
    for (let round = 1; round <= 4; round += 1) {
      await waits(engine, id, round);
      await engine.rejectTask((await taskOf(engine, id, 'draft')).id, { reason: 'no' });
    }
    const [asked] = (await engine.reader.humanRequests({ jobId: id, status: ['OPEN'] }, { first: 5 })).items;
    expect(asked).toMatchObject({ kind: 'failure', about: { task: 'draft', error: { code: 'TASK_REJECTED', message: 'no' } } });
    expect((await engine.job(id).status()).status).toBe('PAUSED');
    await engine.answerHumanRequest(asked!.id, { decision: 'retry' });
    await waits(engine, id, 5);
    await engine.acceptTask((await taskOf(engine, id, 'draft')).id);
    await ended(engine, id);
    expect(told).toHaveLength(5);
    expect(await outputOf(engine, id, 'print')).toBe('xxxxx');
  });

  it('begins with an empty memo and a new idempotency key after each rejection', async () => {
    const keys: string[] = [];
    let steps = 0;
    const draft = agent(
      'writer',
      async (_, ctx) => {
        keys.push(ctx.idempotencyKey);
        return ctx.step('once', () => (steps += 1));
      },
      { review: (output: unknown) => output === 2 },
    );
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await ended(engine, id);
    expect(steps).toBe(2);
    expect(new Set(keys).size).toBe(2);
  });

  it('judges what is below the task too: it waits for tasks that the agent added', async () => {
    const gates = [new Gate(), new Gate()];
    const child = agent('child', (input: number) => gates[input]!.pass());
    const draft = agent('writer', async (_, ctx) => (await ctx.spawn('child', ctx.attempt.feedback === null ? 0 : 1), 'done'), {
      review: 'manual',
    });
    const engine = await lab.start([draft, child, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    for (const [round, gate] of gates.entries()) {
      await waits(engine, id, round + 1);
      expect((await taskOf(engine, id, 'draft')).statusReason).toBe('WAITING_CHILDREN');
      gate.open();
      let times = round + 1;
      await eventOf(engine, id, 'TASK_REVIEW_REQUESTED', 'draft', () => (times -= 1) === 0);
      const { id: taskId } = await taskOf(engine, id, 'draft');
      if (round === 0) await engine.rejectTask(taskId, { reason: 'again' });
      else await engine.acceptTask(taskId);
    }
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('can be skipped, and cancelled', async () => {
    const { agent: draft } = writer({ review: 'manual' });
    const engine = await lab.start([draft, echo]);
    for (const act of ['skipTask', 'cancelTask'] as const) {
      const { id } = await engine.submitJob({ name: 'job', tasks: written });
      await waits(engine, id);
      await engine[act]((await taskOf(engine, id, 'draft')).id);
      await ended(engine, id);
      expect((await taskOf(engine, id, 'draft')).statusReason).toBe('BY_PERSON');
    }
  });
});

describe('accepting and rejecting', () => {
  it('is refused for a task that waits for no review, and for none', async () => {
    const engine = await lab.start([echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] });
    await ended(engine, id);
    const a = (await taskOf(engine, id, 'a')).id;
    for (const act of [() => engine.acceptTask(a), () => engine.rejectTask(a, { reason: 'x' })])
      expect(await refusal(act())).toMatchObject({ code: 'ILLEGAL_MOVE', details: { status: 'COMPLETED' } });
    for (const unknown of [`${id}:99`, 'nonsense', `${id}x:1`]) expect((await refusal(engine.acceptTask(unknown))).code).toBe('NOT_FOUND');
  });

  it('at the same moment counts once (G12)', async () => {
    const { agent: draft } = writer({ review: 'manual' });
    const engine = await lab.start([draft, echo]);
    for (let round = 0; round < 10; round += 1) {
      const { id } = await engine.submitJob({ name: 'job', tasks: [{ ...written[0]!, review: { by: 'manual', maxRejections: 0 } }] });
      await waits(engine, id);
      const no = (await taskOf(engine, id, 'draft')).id;
      const acts = Array.from({ length: 12 }, (_, n) =>
        n % 2 === round % 2 ? engine.acceptTask(no) : engine.rejectTask(no, { reason: 'no' }),
      );
      const results = await Promise.allSettled(acts);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await ended(engine, id);
      expect((await eventsOf(engine, id)).filter(({ type }) => type === 'TASK_ACCEPTED' || type === 'TASK_REJECTED')).toHaveLength(1);
    }
  });
});

describe('a review by another agent', () => {
  const Reviewer = (verdict: (output: unknown) => unknown) => counted('reviewer', (input: { output: unknown }) => verdict(input.output));
  const reviewed = { review: { by: { agent: 'reviewer' } } } as const;

  it('gives it the task, its criteria and its output, and takes its verdict and its feedback', async () => {
    const inputs: unknown[] = [];
    const reviewer = agent('reviewer', (input: { output: string }) => {
      inputs.push(input);
      return input.output.length > 1 ? { accepted: true } : { accepted: false, feedback: 'longer' };
    });
    const { agent: draft, told } = writer(reviewed);
    const engine = await lab.start([draft, echo, reviewer]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ ...written[0]!, acceptanceCriteria: 'two characters' }, written[1]!] });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(inputs).toEqual(['x', 'xx'].map((output) => ({ task: 'draft', acceptanceCriteria: 'two characters', output })));
    expect(told).toEqual([null, 'longer']);
    expect(await outputOf(engine, id, 'print')).toBe('xx');
    expect((await eventsOf(engine, id)).find(({ type }) => type === 'TASK_ACCEPTED')).toMatchObject({ actor: 'agent' });
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'looks good'],
    ['true', true],
    ['a list', [{ accepted: true }]],
    ['an accepted that is no boolean', { accepted: 'yes' }],
    ['an empty object', {}],
  ])('that gives %s leaves the decision to a person', async (_, verdict) => {
    const { agent: draft } = writer(reviewed);
    const engine = await lab.start([draft, echo, Reviewer(() => verdict).agent]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await eventOf(engine, id, 'TASK_COMPLETED', 'draft.review');
    expect(await taskOf(engine, id, 'draft')).toMatchObject({ status: 'BLOCKED', statusReason: 'WAITING_REVIEW' });
    await engine.acceptTask((await taskOf(engine, id, 'draft')).id);
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('that fails leaves the decision to a person, and a person may be faster than one that hangs', async () => {
    const { agent: draft } = writer(reviewed);
    const fails = agent('reviewer', () => {
      throw new Error('no opinion');
    });
    const engine = await lab.start([draft, echo, fails]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await eventOf(engine, id, 'TASK_FAILED', 'draft.review');
    await engine.acceptTask((await taskOf(engine, id, 'draft')).id);
    expect((await ended(engine, id)).status).toBe('COMPLETED');
    await lab.fresh();

    const hangs = agent('reviewer', forever);
    const other = await lab.start([draft, echo, hangs], { grace: 0 });
    const second = await other.submitJob({ name: 'job', tasks: written });
    await eventOf(other, second.id, 'TASK_STARTED', 'draft.review');
    await other.acceptTask((await taskOf(other, second.id, 'draft')).id);
    await ended(other, second.id);
    expect(await statusesOf(other, second.id)).toMatchObject({ draft: 'ACCEPTED', 'draft.review': 'CANCELLED PARENT_ENDED' });
  });

  it('is asked anew after each rejection, and after a person has rejected it while the agent was at it', async () => {
    const reviewer = Reviewer((output) => (String(output).length > 1 ? { accepted: true } : forever()));
    const { agent: draft, told } = writer(reviewed);
    const engine = await lab.start([draft, echo, reviewer.agent], { grace: 0 });
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await eventOf(engine, id, 'TASK_STARTED', 'draft.review');
    await engine.rejectTask((await taskOf(engine, id, 'draft')).id, { reason: 'I say no' });
    await ended(engine, id);
    expect(told).toEqual([null, 'I say no']);
    expect(reviewer.starts).toEqual(['draft.review', 'draft.review-2']);
  });

  it('that nobody has registered, or that the job does not allow, is refused at submit (bad input F5)', async () => {
    const { agent: draft } = writer();
    const engine = await lab.start([draft, echo]);
    const submit = (agentName: string, options = {}) =>
      refusal(engine.submitJob({ name: 'job', tasks: [{ ...written[0]!, review: { by: 'agent', agent: agentName } }], options }));
    expect((await submit('nobody')).code).toBe('UNKNOWN_AGENT');
    expect((await submit('echo', { allowedAgents: ['writer'] })).code).toBe('AGENT_NOT_ALLOWED');
  });
});

describe('a review by a function', () => {
  it('gets the parsed output and input, and its text is the feedback', async () => {
    const seen: unknown[] = [];
    const told: (string | null)[] = [];
    const Draft = defineAgent({
      name: 'writer',
      input: z.object({ n: z.number().default(3) }),
      output: z.object({ text: z.string(), length: z.number().default(0) }),
      review: async (output, input) => {
        seen.push([output, input]);
        return seen.length > 1 || 'once more';
      },
      execute: (_, ctx) => (told.push(ctx.attempt.feedback), { text: 'x' }),
    });
    const engine = await lab.start([Draft]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'draft', agent: 'writer', input: {} }] });
    expect((await ended(engine, id)).success).toBe(true);
    expect(seen).toEqual([1, 2].map(() => [{ text: 'x', length: 0 }, { n: 3 }]));
    expect(told).toEqual([null, 'once more']);
    expect((await taskOf(engine, id, 'draft')).status).toBe('ACCEPTED');
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no opinion');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no opinion'))],
  ])('that %s fails the attempt, which is retried by the policy', async (_, review) => {
    const { agent: draft, told } = writer({ review: review as never, retry: { maxAttempts: 2, backoff: 'none' } });
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    expect((await ended(engine, id)).status).toBe('FAILED');
    expect(told).toEqual([null, null]);
    expect((await taskOf(engine, id, 'draft')).error).toMatchObject({ code: 'AGENT_FAILED', message: 'no opinion' });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 1],
    ['an object', { accepted: true }],
    ['an empty text', ''],
  ])('that gives %s rejects: only true accepts', async (_, said) => {
    const { agent: draft, told } = writer({ review: { by: (() => said) as never, maxRejections: 1 } });
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await ended(engine, id);
    expect(told).toEqual([null, 'The output was not accepted.']);
  });

  it('that hangs ends with the timeout of the attempt', async () => {
    const clock = new VirtualClock();
    const { agent: draft } = writer({ review: forever as never, timeout: 1_000 });
    const engine = await lab.start([draft, echo], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: written });
    await clock.advance(999);
    expect((await taskOf(engine, id, 'draft')).status).toBe('IN_PROGRESS');
    await clock.advance(1);
    expect((await taskOf(engine, id, 'draft')).error?.code).toBe('TASK_TIMEOUT');
  });

  it('gives feedback that is bounded', async () => {
    const { agent: draft, told } = writer({ review: { by: () => 'y'.repeat(100_000), maxRejections: 1 } });
    const engine = await lab.start([draft, echo]);
    await ended(engine, (await engine.submitJob({ name: 'job', tasks: written })).id);
    expect(told[1]!.length).toBe(4_000);
  });
});

describe('the review of a task', () => {
  it('is its own where it has one, else its agent declares it; `auto` takes it away', async () => {
    const { agent: draft } = writer({ review: 'manual' });
    const engine = await lab.start([draft, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'declared', agent: 'writer' },
        { key: 'auto', agent: 'writer', review: 'auto' },
        { key: 'own', agent: 'echo', review: 'manual' },
      ],
    });
    await eventOf(engine, id, 'TASK_RETURNED', 'declared');
    await eventOf(engine, id, 'TASK_RETURNED', 'own');
    expect(await statusesOf(engine, id)).toEqual({
      declared: 'BLOCKED WAITING_REVIEW',
      auto: 'COMPLETED',
      own: 'BLOCKED WAITING_REVIEW',
    });
  });

  it('that a map makes, or that an agent asks for, is reviewed as its agent declares', async () => {
    const part = agent('part', (input: unknown, ctx) => [input, ctx.attempt.feedback], {
      review: (output: unknown) => (output as unknown[])[1] !== null || 'again',
    });
    const asks = agent('asks', (_, ctx) => ctx.need('part', 1));
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => [flow.map(flow.add(echo, [1, 2]).out as never, (item) => task(part, item)).out, flow.add(asks, 1).out],
    });
    const engine = await lab.start([part, asks, echo, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual([
      [
        [1, 'again'],
        [2, 'again'],
      ],
      [1, 'again'],
    ]);
  });

  it.each<[string, unknown]>([
    ['an unknown judge', 'everybody'],
    ['an unknown judge in an object', { by: 'everybody' }],
    ['nobody', null],
    ['an agent without a name', { by: 'agent' }],
    ['too many rejections', { by: 'manual', maxRejections: 101 }],
    ['half a rejection', { by: 'manual', maxRejections: 0.5 }],
  ])('by %s is refused at submit', async (_, review) => {
    const engine = await lab.start([echo]);
    const error = await refusal(engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', review: review as never }] }));
    expect(error.code).toBe('GRAPH_INVALID');
  });
});
