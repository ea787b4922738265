import * as fc from 'fast-check';

import { evolve } from '../../machine/evolve.js';
import { createJobState, type JobState } from '../../machine/job-state.js';
import type { JobWrite, StoredRequest, TaskRow } from '../../ports/store.js';
import { graphs } from '../machine/graphs.js';
import { realMachine } from '../machine/machine-under-test.js';
import { ops, runCommands, Tally } from '../machine/run-commands.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreFixture } from './store-fixture.js';
import { jobSpec, rowOf, writeOf } from './stored-job.js';

/** Jobs with a life drawn at random, stored after every command. */
export function describeRandomJobs({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  describe('a job that is stored after every command', () => {
    it('is loaded as it stands, and its stored events fold to its rows', async () => {
      const drawn = fc.sample(fc.tuple(graphs, fc.array(ops, { maxLength: 80, size: 'max' })), 40);
      for (const [index, [specs, commands]] of drawn.entries()) {
        const id = `random-${index}`;
        const writes: JobWrite[] = [];
        let last: JobState | null = null;
        runCommands(specs, commands, realMachine, new Tally(), (state, seqBefore, events) => {
          if (events.length === 0) return;
          const touched = [...state.touched];
          const write = writeOf({ state }, id, seqBefore, events);
          for (const no of touched) state.touched.add(no);
          writes.push(seqBefore === 0 ? { ...write, created: { spec: jobSpec(id), idempotency: null } } : write);
          last = state;
        });
        for (const write of writes) await fixture.store.commit([write]);
        const loaded = (await fixture.store.loadJob(id))!;
        const history = (await fixture.store.history(id))!;
        const state: JobState = last!;
        const fold = createJobState(jobSpec(id));
        for (const event of history.events) evolve(fold, event);

        expect(loaded.row).toMatchObject({
          status: state.status,
          success: state.success,
          lastSeq: state.lastSeq,
          generation: state.generation,
        });
        expect(loaded.tasks.map(({ row }) => isReadyNow(row))).toEqual(state.tasks.map((task) => isReadyNow(rowOf(task))));
        expect(fold.tasks.map((task) => isReadyNow(rowOf(task)))).toEqual(loaded.tasks.map(({ row }) => isReadyNow(row)));
        expect(inOrder(loaded.requests)).toEqual(inOrder(state.requests.values()));
        expect([fold.status, fold.success, fold.lastSeq, fold.generation]).toEqual([
          state.status,
          state.success,
          state.lastSeq,
          state.generation,
        ]);
      }
    }, 60_000);

    /** To wake a task that waited for its time is no event, and no reason to write. */
    const isReadyNow = (row: TaskRow): TaskRow => (row.status === 'READY' ? { ...row, availableAt: 0 } : row);
    const inOrder = (requests: Iterable<StoredRequest>): unknown[] =>
      [...requests].sort((a, b) => a.request - b.request).map((request) => ({ ...request }));
  });
}
