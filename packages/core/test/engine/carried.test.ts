import { AsyncLocalStorage } from 'node:async_hooks';

import { describe, expect, it } from '@jest/globals';

import type { TaskContext } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventsOf, outputOf, refusal } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();
const tells = agent('tells', (_, { job }: TaskContext) => ({ ...job }));
const job = { name: 'job', tasks: [{ key: 't', agent: 'tells' }] };

describe('what a job carries', () => {
  it('is given to each attempt, beside what else the job says of itself', async () => {
    const engine = await lab.start([tells]);
    const options = { carried: { user: 'ann', roles: ['x'] }, metadata: { m: 1 }, tenant: 'acme' };
    const handle = await engine.submitJob({ ...job, input: { i: 1 }, options });
    await handle.result();

    expect(await outputOf(engine, handle.id, 't')).toEqual({
      id: handle.id,
      name: 'job',
      workflow: null,
      tenant: 'acme',
      input: { i: 1 },
      metadata: { m: 1 },
      carried: { user: 'ann', roles: ['x'] },
    });
  });

  it('outlives the process', async () => {
    const gate = new Gate();
    const waits = agent('waits', async (_, ctx: TaskContext) => (await gate.pass(), ctx.job.carried));
    const engine = await lab.start([waits]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }], options: { carried: { user: 'ann' } } });
    await gate.reached();
    const again = await lab.restart(engine, [agent('waits', (_, ctx: TaskContext) => ctx.job.carried)]);
    await again.job(id).result();

    expect(await outputOf(again, id, 't')).toEqual({ user: 'ann' });
  });

  it('is shown by no view and stands in no event', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 't', agent: 'echo' }],
      options: { carried: { pin: 'canary-1234' } },
    });
    await handle.result();
    const shown = [
      await handle.status(),
      await eventsOf(engine, handle.id),
      (await engine.reader.tasks({ jobId: handle.id }, { first: 9 })).items,
    ];

    expect(JSON.stringify(shown)).not.toContain('canary-1234');
  });

  it('does not make another body of a repeated submission, nor does who submits it', async () => {
    const engine = await lab.start([tells]);
    const submit = (carried: { n: number }, actor: string): Promise<{ id: string }> =>
      engine.submitJob({ ...job, options: { idempotencyKey: 'k', carried, actor } });

    expect((await submit({ n: 1 }, 'ann')).id).toBe((await submit({ n: 2 }, 'bob')).id);
  });

  it.each([
    [{ carried: { at: new Date() } as never }, /`carried` is not JSON at \/at/],
    [{ carried: [] as never }, /`carried` must be an object/],
    [{ carried: { text: 'x'.repeat(16_384) } }, /`carried` has 16395 bytes; at most 16384/],
    [{ actor: ' ' }, /`actor` must be 1 to 200 whole characters/],
  ])('that cannot be carried is refused: %j', async (options, message) => {
    const engine = await lab.start([tells]);

    expect(await refusal(engine.submitJob({ ...job, options }))).toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('has room for exactly 16 KiB', async () => {
    const engine = await lab.start([tells]);
    const handle = await engine.submitJob({ ...job, options: { carried: { text: 'x'.repeat(16_384 - 11) } } });

    await handle.result();
  });
});

describe('who submits a job', () => {
  it('is named by its first event', async () => {
    const engine = await lab.start([tells]);
    const named = await engine.submitJob({ ...job, options: { actor: 'ann' } });
    const unnamed = await engine.submitJob(job);
    await Promise.all([named.result(), unnamed.result()]);

    expect((await eventsOf(engine, named.id))[0]).toMatchObject({ type: 'JOB_SUBMITTED', actor: 'user:ann' });
    expect((await eventsOf(engine, unnamed.id))[0]).toMatchObject({ actor: 'user' });
  });
});

it('agents do not run in the async context of whoever submitted a job', async () => {
  const requests = new AsyncLocalStorage<string>();
  const engine = await lab.start([agent('looks', () => requests.getStore() ?? 'nothing')]);
  const handle = await requests.run('secret', () => engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'looks' }] }));
  await handle.result();

  expect(await outputOf(engine, handle.id, 't')).toBe('nothing');
});
