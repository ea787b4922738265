import { describe, expect, it } from '@jest/globals';

import type { CommittedJob } from '../ledger/committed.js';
import type { JobSpec } from '../model/job.js';
import type { Store, StoredJobContext } from '../ports/store.js';
import { JobContexts } from './job-contexts.js';

const NOTHING: StoredJobContext = { input: 'null', metadata: null, carried: null };
/** With these, four jobs are more than is kept. */
const LARGE = 'x'.repeat(5_000_000);

/** Contexts over a store that has them all, and notes what it is asked for. */
function contextsOver(answer: (jobId: string) => Promise<StoredJobContext> = () => Promise.resolve(NOTHING)) {
  const read: string[] = [];
  const jobContext = (jobId: string): Promise<StoredJobContext> => {
    read.push(jobId);
    return answer(jobId);
  };
  const contexts = new JobContexts({ jobContext } as Store);
  return { contexts, read };
}

const job = (jobId: string, news: Partial<CommittedJob>): CommittedJob => ({ jobId, created: null, ended: false, ...news }) as CommittedJob;
const created = (jobId: string, spec: Partial<JobSpec> = {}): CommittedJob =>
  job(jobId, { created: { input: null, metadata: null, carried: null, ...spec } as JobSpec });

describe('what attempts see of their job', () => {
  it('is known of a job that was submitted here, and not read', async () => {
    const { contexts, read } = contextsOver();
    contexts.committed([created('a', { input: { n: 1 }, metadata: { of: 'x' }, carried: { trace: 't' } })]);
    expect(contexts.get('a')).toEqual({ input: '{"n":1}', metadata: '{"of":"x"}', carried: '{"trace":"t"}' });
    contexts.committed([job('a', {})]);
    expect(contexts.get('a')).toMatchObject({ input: '{"n":1}' });
    expect(read).toEqual([]);
  });

  it('stays what it was when the submitter changes its object later', () => {
    const { contexts } = contextsOver();
    const input = { n: 1 };
    contexts.committed([created('a', { input })]);
    input.n = 2;
    expect(contexts.get('a')).toMatchObject({ input: '{"n":1}' });
  });

  it('is read once of a job that others submitted, however many ask at the same time', async () => {
    const { contexts, read } = contextsOver();
    expect(await Promise.all([contexts.get('a'), contexts.get('a'), contexts.get('b')])).toEqual([NOTHING, NOTHING, NOTHING]);
    expect(contexts.get('a')).toBe(NOTHING);
    expect(read).toEqual(['a', 'b']);
  });

  it('is asked for again where it could not be read', async () => {
    let isAway = true;
    const { contexts, read } = contextsOver(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(NOTHING)));
    await expect(contexts.get('a')).rejects.toThrow('away');
    isAway = false;
    expect(await contexts.get('a')).toBe(NOTHING);
    expect(read).toEqual(['a', 'a']);
  });

  it('is forgotten when the job has ended', async () => {
    const { contexts, read } = contextsOver();
    contexts.committed([created('a')]);
    contexts.committed([job('a', { ended: true })]);
    await contexts.get('a');
    expect(read).toEqual(['a']);
  });

  it('is forgotten of the oldest jobs where it would be too much', async () => {
    const { contexts, read } = contextsOver();
    contexts.committed(['a', 'b', 'c', 'd'].map((id) => created(id, { input: LARGE })));
    for (const id of ['b', 'c', 'd']) expect(contexts.get(id)).toMatchObject({ input: JSON.stringify(LARGE) });
    await contexts.get('a');
    expect(read).toEqual(['a']);
  });

  it('is not kept where it is larger than all that may be, and drives out no other', async () => {
    const { contexts, read } = contextsOver();
    contexts.committed([created('a'), created('huge', { input: 'x'.repeat(17_000_000) })]);
    await contexts.get('huge');
    expect(contexts.get('a')).toEqual(NOTHING);
    expect(read).toEqual(['huge']);
  });

  it('is not kept where the job ends while it is read', async () => {
    const { contexts, read } = contextsOver();
    const reading = contexts.get('a');
    contexts.committed([job('a', { ended: true })]);
    await reading;
    await contexts.get('a');
    expect(read).toEqual(['a', 'a']);
  });

  it('leaves room again for each job that ends', () => {
    const { contexts, read } = contextsOver();
    for (let count = 0; count < 5; count += 1) {
      contexts.committed([created('a', { input: LARGE }), created('b', { input: LARGE }), created('c', { input: LARGE })]);
      for (const id of ['a', 'b', 'c']) expect(contexts.get(id)).toMatchObject({ input: JSON.stringify(LARGE) });
      contexts.committed(['a', 'b', 'c'].map((id) => job(id, { ended: true })));
    }
    expect(read).toEqual([]);
  });
});
