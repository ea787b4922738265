import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { slowSteps, turnsUntil } from '../../test/helpers/turns.js';
import { eventLoopTurns } from '../../test/helpers/virtual-clock.js';
import { IdleDispatcher } from '../dispatch/idle-dispatcher.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { systemClock } from '../kernel/clock.js';
import type { JobSpec } from '../model/job.js';
import type { JobWrite, Store, TaskWrite } from '../ports/store.js';
import { WIDE_LIMITS } from '../testing/machine/scenario.js';
import { specsOf } from '../testing/machine/specs.js';
import { Ledger } from './ledger.js';

const LARGE = 4_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

type Written = JobWrite & { readonly tasks: readonly TaskWrite[] };

/** A ledger over a store that notes what is committed, and fails or waits where it is told to. */
function ledgerOver(commit: (writes: readonly JobWrite[]) => Promise<void> = () => Promise.resolve()) {
  const written: Written[] = [];
  const store = {
    commit: async (writes: readonly JobWrite[]) => {
      await commit(writes);
      // The state goes on changing: what is looked at later is noted now.
      written.push(...writes.map((write) => ({ ...write, tasks: Array.from(write.tasks, (task) => ({ ...task })) })));
    },
  } as Partial<Store> as Store;
  const ledger = new Ledger({ store, dispatcher: new IdleDispatcher(), clock: systemClock, logger: silent, limits: WIDE_LIMITS });
  const create = (id: string, tasks: number): Promise<void> => {
    const specs = specsOf(
      Array.from({ length: tasks - 1 }, (_, n) => ({ key: `t${n}`, ...(n > 0 ? { after: [`t${n - 1}`] } : undefined) })),
    );
    const spec: Partial<JobSpec> = { id, name: id, tenant: 'default', workflow: null, maxParallel: null, allowedAgents: null };
    return ledger.create({ kind: 'submit', specs, actor: 'user' }, { spec: spec as JobSpec, idempotency: null });
  };
  return { ledger, create, written };
}

/** What was written of a new job: its events' types, how many rows of tasks, and whether it stands on nothing. */
const madeOf = ({ jobId, expectedSeq, events, tasks }: Written) => ({
  jobId,
  expectedSeq,
  events: events.map(({ type }) => type),
  tasks: tasks.length,
  ready: tasks.filter(({ status }) => status === 'READY').length,
});
const newJob = (jobId: string, tasks: number) => ({ jobId, expectedSeq: 0, events: ['JOB_SUBMITTED', 'TASKS_ADDED'], tasks, ready: 1 });

describe('a new job', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('is written the same, large or small: once, on nothing, with all of its tasks', async () => {
    const { create, written } = ledgerOver();
    await create('small', 10);
    await create('large', LARGE);
    expect(written.map(madeOf)).toEqual([newJob('small', 10), newJob('large', LARGE)]);
  });

  it('that is large lets the event loop turn while it is decided on, and others go first', async () => {
    const { create, written } = ledgerOver();
    slowSteps();
    const large = create('large', LARGE);
    await create('small', 10);
    expect(written.map(({ jobId }) => jobId)).toEqual(['small']);
    expect(await turnsUntil(large)).toBeGreaterThan(LARGE / 200);
    expect(written.map(({ jobId }) => jobId)).toEqual(['small', 'large']);
  });

  it('that is large and met the failure of another is decided on anew, by itself', async () => {
    const refused: string[][] = [];
    let letThrough = (): void => undefined;
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    const { create, written } = ledgerOver(async (writes) => {
      if (writes[0]!.jobId === 'before') return held;
      if (refused.length > 0) return;
      refused.push(writes.map(({ jobId }) => jobId));
      throw new TaskloomError('STORE_UNAVAILABLE', 'The disk is away.');
    });
    const before = create('before', 1);
    const both = [create('one', LARGE), create('two', LARGE)];
    // More turns than their decisions can have steps: both are in line when the write before them is done.
    await eventLoopTurns(LARGE);
    letThrough();
    await Promise.all([before, ...both]);
    expect(refused.map((ids) => ids.sort())).toEqual([['one', 'two']]);
    const made = new Map(written.slice(1).map((write) => [write.jobId, madeOf(write)]));
    expect([made.size, made.get('one'), made.get('two')]).toEqual([2, newJob('one', LARGE), newJob('two', LARGE)]);
  });

  it('that is large is refused when the ledger is closed before it is decided on', async () => {
    const { ledger, create, written } = ledgerOver();
    slowSteps();
    const large = create('large', LARGE);
    await ledger.close();
    await expect(large).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(written).toEqual([]);
  });
});
