import { describe, expect, it } from '@jest/globals';

import { echo } from '../helpers/agents.js';
import { refusal } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();
const task = { key: 'a', agent: 'echo' };

describe('a tenant', () => {
  it('owns its jobs: lists and counts of one show nothing of another', async () => {
    const engine = await lab.start([echo]);
    const a = await engine.submitJob({ name: 'of-a', tasks: [task], options: { tenant: 'a' } });
    const none = await engine.submitJob({ name: 'of-nobody', tasks: [task] });
    await Promise.all([a.result(), none.result()]);

    expect((await engine.reader.job(a.id))?.tenant).toBe('a');
    expect((await engine.reader.job(none.id))?.tenant).toBe('default');
    const { items } = await engine.reader.jobs({ tenant: 'a' }, { first: 10 });
    expect(items.map(({ id }) => id)).toEqual([a.id]);
    expect(await engine.reader.countJobs({ tenant: 'b' })).toBe(0);
    const tasks = await engine.reader.tasks({ tenant: 'a' }, { first: 10 });
    expect(new Set(tasks.items.map(({ jobId }) => jobId))).toEqual(new Set([a.id]));
    expect(await engine.reader.countTasks({ tenant: 'a' })).toBe(2);
    expect(await engine.reader.countTasks({ tenant: 'b', jobId: a.id })).toBe(0);
  });

  it('has idempotency keys of its own', async () => {
    const engine = await lab.start([echo]);
    const start = (tenant: string, name = 'job') => engine.submitJob({ name, tasks: [task], options: { tenant, idempotencyKey: 'same' } });
    const a = await start('a');
    expect((await start('b', 'another')).id).not.toBe(a.id);
    expect((await start('a')).id).toBe(a.id);
    expect((await refusal(start('a', 'another'))).code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it.each(['', ' ', '__proto__', 'a b', 'x'.repeat(201)])('may not be called %j', async (tenant) => {
    const engine = await lab.start([echo]);
    expect((await refusal(engine.submitJob({ name: 'job', tasks: [task], options: { tenant } }))).code).toBe('OPTIONS_INVALID');
  });
});
