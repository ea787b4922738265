import { afterEach, describe, expect, it } from '@jest/globals';

import { agent, echo } from '../helpers/agents.js';
import { Child } from '../helpers/child.js';
import { refusal, statusesOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();
const children: Child[] = [];

function hold(args: Record<string, unknown> = {}): Child {
  const child = new Child('hold-database').begin({ path: lab.path(), ...args });
  children.push(child);
  return child;
}

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.splice(0).map(({ exited }) => exited));
});

describe('a database file', () => {
  it('is refused to a second engine of the same process, with the path; the first one goes on', async () => {
    const first = await lab.start([echo]);
    const second = lab.create([echo]);
    const error = await refusal(second.start());
    expect(error.code).toBe('SQLITE_SINGLE_PROCESS');
    expect(error.message).toContain('jobs.db');
    expect(error.remedy).not.toBe('');
    await (await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    // It may try again when the first one has gone.
    await first.stop();
    await second.start();
    await (await second.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] })).result();
  });

  it('is refused to another process at once, and taken over when the first one is killed: what it ran goes on (G27)', async () => {
    const first = hold({ job: 'running' });
    const { id } = await first.says('acknowledged');

    const refused = hold();
    expect(await refused.says('refused')).toMatchObject({ code: 'SQLITE_SINGLE_PROCESS' });
    expect(await refused.exited).toMatchObject({ code: 3 });

    const mine = lab.create([agent('stuck', () => 'no longer')]);
    expect((await refusal(mine.start())).code).toBe('SQLITE_SINGLE_PROCESS');
    expect(first.kill('SIGKILL')).toBe(true);
    await first.exited;
    const report = await mine.start();
    expect(report).toMatchObject({ requeued: 1, jobs: [{ id, name: 'job', openTasks: 2, finishedTasks: 0 }] });
    await mine.job(id as string).result();
    const abandoned = await mine.reader.taskHistory({ jobId: id as string, no: 1 });
    expect(abandoned.map(({ type, data }) => [type, data['strikes']])).toContainEqual(['TASK_ABANDONED', 1]);
  });

  it('is given back by a process that stops in good order, with its task, without a strike', async () => {
    const first = hold({ job: 'running' });
    const { id } = await first.says('acknowledged');
    first.kill('SIGTERM');
    await first.says('stopped');
    const mine = await lab.start([agent('stuck', () => 'no longer')]);
    await mine.job(id as string).result();
    const history = await mine.reader.taskHistory({ jobId: id as string, no: 1 });
    expect(history.flatMap(({ type, data }) => (type === 'TASK_ABANDONED' ? [data['strikes']] : []))).toEqual([0]);
  });

  it('of a process that was killed right after it acknowledged a cancellation holds the cancellation (G9)', async () => {
    const first = hold({ job: 'cancelled' });
    const { id } = await first.says('acknowledged');
    first.kill('SIGKILL');
    await first.exited;
    let starts = 0;
    const mine = await lab.start([agent('stuck', () => (starts += 1))]);
    await eventLoopTurns();
    expect(starts).toBe(0);
    expect((await mine.job(id as string).status()).status).toBe('CANCELLED');
    expect(await statusesOf(mine, id as string)).toEqual({ a: 'CANCELLED JOB_CANCELLED' });
  });

  it('of a process that sleeps (SIGSTOP) stays its own; when it wakes it goes on with everything, once', async () => {
    const path = lab.path();
    const sleeper = new Child('sleepy-engine').begin({ path });
    children.push(sleeper);
    await sleeper.says('busy');
    sleeper.kill('SIGSTOP');
    // All that comes meanwhile waits for it: an end of what it runs, an answer, a cancellation.
    sleeper.begin({ open: true });

    const mine = lab.create([agent('waits'), agent('asks'), echo]);
    expect((await refusal(mine.start())).code).toBe('SQLITE_SINGLE_PROCESS');
    expect(await hold().says('refused')).toMatchObject({ code: 'SQLITE_SINGLE_PROCESS' });
    sleeper.kill('SIGCONT');
    const done = await sleeper.says('done');
    await sleeper.exited;

    const seqs = done['seqs'] as number[];
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(done).toMatchObject({ doomed: 'CANCELLED' });
    expect((done['job'] as string[]).toSorted()).toEqual([
      'a COMPLETED 1',
      'a.echo COMPLETED 1',
      'next COMPLETED 1',
      'objective COMPLETED 1',
      'w COMPLETED 1',
    ]);
    // The one that asks runs again with its answer.
    expect((done['runs'] as string[]).toSorted()).toEqual(['a', 'a', 'a.echo', 'd', 'next', 'w']);
  });

  it('that is not held is not refused because of a lock file that is left over', async () => {
    const first = hold();
    await first.says('started');
    first.kill('SIGKILL');
    await first.exited;
    const second = hold();
    await second.says('started');
    second.kill('SIGKILL');
    await second.exited;
    await lab.start([]);
  });
});
