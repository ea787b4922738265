import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, type Engine, type HumanRequestView, type Json, type TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

/** Fails as often as it is told, then gives its input. */
const failing = (times: number) => {
  const flaky = counted('flaky', (input: unknown) => {
    if (flaky.starts.length <= times) throw new Error(`failure ${flaky.starts.length}`);
    return input;
  });
  return flaky;
};
const tasks: TaskSubmission[] = [
  { key: 'bad', agent: 'flaky', input: 'good', failureStrategy: 'ask' },
  { key: 'after', agent: 'echo', input: null, refs: [{ at: '', task: 'bad' }] },
];

async function decision(engine: Engine, jobId: string): Promise<HumanRequestView> {
  await eventOf(engine, jobId, 'HUMAN_REQUESTED');
  return (await engine.reader.humanRequests({ jobId, status: ['OPEN'] }, { first: 1 })).items[0]!;
}

describe('the strategy ask', () => {
  it('pauses the job and asks what becomes of the task; what runs ends, nothing new starts', async () => {
    const gate = new Gate();
    const slow = agent('slow', () => gate.pass());
    const flaky = failing(1);
    const engine = await lab.start([flaky.agent, slow, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [...tasks, { key: 'slow', agent: 'slow' }, { key: 'next', agent: 'echo', dependsOn: ['slow'] }],
    });
    await gate.reached();
    const asked = await decision(engine, id);
    expect(asked).toMatchObject({
      kind: 'failure',
      taskKey: 'bad',
      about: { task: 'bad', error: { code: 'AGENT_FAILED', message: 'failure 1' } },
    });
    expect((await engine.job(id).status()).status).toBe('PAUSED');
    gate.open();
    await eventOf(engine, id, 'TASK_COMPLETED', 'slow');
    expect(await statusesOf(engine, id)).toEqual({ bad: 'BLOCKED WAITING_HUMAN', after: 'PENDING', slow: 'COMPLETED', next: 'READY' });
    await engine.answerHumanRequest(asked.id, { decision: 'retry' });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await outputOf(engine, id, 'after')).toBe('good');
    expect(flaky.starts).toHaveLength(2);
  });

  it('asks again when the task fails again', async () => {
    const flaky = failing(2);
    const engine = await lab.start([flaky.agent, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks });
    await engine.answerHumanRequest((await decision(engine, id)).id, { decision: 'retry' });
    await eventOf(engine, id, 'HUMAN_REQUESTED', 'bad', ({ data }) => String((data as { request?: string }).request).endsWith(':q2'));
    const second = await decision(engine, id);
    expect(second.about).toMatchObject({ error: { message: 'failure 2' } });
    await engine.answerHumanRequest(second.id, { decision: 'retry' });
    expect((await ended(engine, id)).success).toBe(true);
    // Each try that a person permits is an attempt of its own, with its own error.
    const attempts = (await eventsOf(engine, id)).filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 'bad');
    expect(attempts.map(({ data }) => (data as { attempt: number }).attempt)).toEqual([1, 2, 3]);
  });

  it('skips the task and what needs it, or fails the job, as the person decides', async () => {
    const engine = await lab.start([failing(9).agent, echo]);
    const skip = await engine.submitJob({ name: 'job', tasks });
    await engine.answerHumanRequest((await decision(engine, skip.id)).id, { decision: 'skip' });
    expect((await ended(engine, skip.id)).status).toBe('COMPLETED');
    expect(await statusesOf(engine, skip.id)).toEqual({ bad: 'SKIPPED BY_PERSON', after: 'SKIPPED DEPENDENCY_SKIPPED' });
    const abort = await engine.submitJob({ name: 'job', tasks });
    await engine.answerHumanRequest((await decision(engine, abort.id)).id, { decision: 'abort' }, { actor: 'ada' });
    expect((await ended(engine, abort.id)).status).toBe('FAILED');
    expect(await statusesOf(engine, abort.id)).toEqual({ bad: 'FAILED BY_PERSON', after: 'CANCELLED JOB_FAILED' });
    expect((await taskOf(engine, abort.id, 'bad')).error?.code).toBe('FAILED_BY_PERSON');
  });

  it('takes an output from the person, as the agent would have to give it', async () => {
    const Strict = defineAgent({
      name: 'flaky',
      input: z.unknown(),
      output: z.object({ n: z.number(), unit: z.string().default('m') }),
      execute: () => {
        throw new Error('no');
      },
    });
    const engine = await lab.start([Strict, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks });
    const asked = await decision(engine, id);
    for (const value of [undefined, null, 'x', {}, { n: 'x' }]) {
      const answer = { decision: 'value', ...(value === undefined ? {} : { value }) } as Json;
      expect((await refusal(engine.answerHumanRequest(asked.id, answer))).code).toBe('OUTPUT_SCHEMA');
    }
    await engine.answerHumanRequest(asked.id, { decision: 'value', value: { n: 1 } });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, id)).toEqual({ bad: 'COMPLETED RECOVERED', after: 'COMPLETED' });
    expect(await outputOf(engine, id, 'after')).toEqual({ n: 1, unit: 'm' });
  });

  it.each<Json>([null, 'retry', {}, { decision: 'maybe' }, { decision: 'retry', more: 1 }, [{ decision: 'retry' }]])(
    'refuses an answer that is no decision: %j',
    async (answer) => {
      const engine = await lab.start([failing(9).agent, echo]);
      const { id } = await engine.submitJob({ name: 'job', tasks });
      const asked = await decision(engine, id);
      expect((await refusal(engine.answerHumanRequest(asked.id, answer))).code).toBe('INPUT_SCHEMA');
      expect((await taskOf(engine, id, 'bad')).statusReason).toBe('WAITING_HUMAN');
    },
  );

  it('is inherited, survives a restart, and is not asked of a task that a fallback saves', async () => {
    const definitions = [failing(1).agent, echo];
    const first = await lab.start(definitions);
    const options = { failureStrategy: 'ask' } as const;
    const saved = await first.submitJob({ name: 'job', options, tasks: [{ key: 'bad', agent: 'flaky', useValue: 1 }] });
    expect((await ended(first, saved.id)).success).toBe(true);
    await lab.fresh();
    const flaky = failing(1);
    const engine = await lab.start([flaky.agent, echo]);
    const { id } = await engine.submitJob({ name: 'job', options, tasks: [{ key: 'bad', agent: 'flaky' }] });
    const asked = await decision(engine, id);
    const second = await lab.restart(engine, [flaky.agent, echo]);
    expect((await second.job(id).status()).status).toBe('PAUSED');
    await second.answerHumanRequest(asked.id, { decision: 'retry' });
    expect((await ended(second, id)).success).toBe(true);
  });

  it('with two failures asks about both; the job goes on when both are decided', async () => {
    const fails = agent('fails', () => {
      throw new Error('no');
    });
    const engine = await lab.start([fails, echo], { maxParallel: 2 });
    const { id } = await engine.submitJob({
      name: 'job',
      options: { failureStrategy: 'ask' },
      tasks: [
        { key: 'a', agent: 'fails' },
        { key: 'b', agent: 'fails' },
      ],
    });
    await eventOf(engine, id, 'HUMAN_REQUESTED', 'a');
    await eventOf(engine, id, 'HUMAN_REQUESTED', 'b');
    const { items } = await engine.reader.humanRequests({ jobId: id, status: ['OPEN'] }, { first: 5 });
    expect(items).toHaveLength(2);
    await engine.answerHumanRequest(items[0]!.id, { decision: 'value', value: 1 });
    expect((await engine.job(id).status()).status).toBe('PAUSED');
    await engine.answerHumanRequest(items[1]!.id, { decision: 'skip' });
    expect((await ended(engine, id)).status).toBe('COMPLETED');
  });

  it('is over when the job is cancelled', async () => {
    const engine = await lab.start([failing(9).agent, agent('slow', forever), echo], { grace: 0 });
    const { id } = await engine.submitJob({ name: 'job', tasks: [...tasks, { key: 'slow', agent: 'slow' }] });
    const asked = await decision(engine, id);
    await engine.cancelJob(id);
    expect((await refusal(engine.answerHumanRequest(asked.id, { decision: 'retry' }))).code).toBe('REQUEST_CLOSED');
  });
});
