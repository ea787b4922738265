import * as fc from 'fast-check';

import type { JobEvent } from '../../model/event.js';
import type { TaskSpec } from '../../model/task.js';
import { newTask } from '../machine/scenario.js';
import { plainSpec, specsOf } from '../machine/specs.js';
import { rows as anyRows, specs as anySpecs } from './arbitraries.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, plainRow } from './stored-job.js';
import { textOf } from './text-of.js';

/** Rows and definitions of tasks, as they were written. */
export function describeRows({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create, createFrom } = fixture;

  describe('rows and definitions', () => {
    it('are read back with anything in any field', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(anySpecs, anyRows), { minLength: 1, maxLength: 5 }), async (drawn) => {
          const specs = drawn.map(([spec], no): TaskSpec => ({ ...spec, no, key: `${no}${spec.key}` }));
          const rows = drawn.map(([, row], no) => ({ ...row, no }));
          const id = nextId();
          const added: JobEvent = { type: 'TASKS_ADDED', at: 1, actor: 'user', from: 0, count: specs.length, by: null, specs };
          const write = creationOf(jobSpec(id), [plainSpec(0)]);
          await fixture.store.commit([{ ...write, events: [added], tasks: rows, row: { ...write.row, lastSeq: 1 } }]);
          const loaded = (await fixture.store.loadJob(id))!;

          expect(loaded.tasks.map(({ row }) => row)).toEqual(rows);
          for (const spec of specs) expect(await fixture.store.taskSpec(id, spec.no)).toEqual(spec);
        }),
        { numRuns: 60 },
      );
    });

    it('are read back where a write says that what seldom changes is as it was, new and changed', async () => {
      const id = nextId();
      const made = creationOf(jobSpec(id), [plainSpec(0), plainSpec(1), plainSpec(2)]);
      const plain = Array.from(made.tasks, (row) => ({ ...row, isPlain: true }));
      await fixture.store.commit([{ ...made, tasks: plain }]);
      expect((await fixture.store.loadJob(id))!.tasks.map(({ row }) => row)).toEqual([...made.tasks]);

      const claimed = { status: 'IN_PROGRESS', attempt: 1, fence: 1, startedAt: 7, readyAt: 6, progress: 40, noteSeq: 3 } as const;
      const parked = { ...plainRow(2), ...claimed, strikes: 2, held: true };
      const event = { type: 'TASK_STARTED', at: 7, actor: 'agent', task: 1, attempt: 1, fence: 1 } as const;
      const { created: _created, ...append } = made;
      const tasks = [{ ...plainRow(1), ...claimed, isPlain: true }, parked];
      await fixture.store.commit([{ ...append, expectedSeq: 2, token: 'plain', row: { ...made.row, lastSeq: 3 }, events: [event], tasks }]);
      const [, one, two] = (await fixture.store.loadJob(id))!.tasks;
      expect([one!.row, two!.row]).toEqual([{ ...plainRow(1), ...claimed }, parked]);
    });

    it('of a task that is not there are null', async () => {
      const job = await create([]);

      expect(await fixture.store.taskSpec(job.id, 99)).toBeNull();
      expect(await fixture.store.outputs(job.id, [99])).toEqual([null]);
      expect(await fixture.store.digests(job.id, [99])).toEqual([]);
    });

    for (const [unit, bytes] of [
      ['x', 4_095],
      ['x', 4_096],
      ['x', 4_097],
      ['漢', 4_096],
      ['🙂', 4_100],
      ['x', 1_048_576],
      ['漢', 1_048_576],
    ] as const)
      it(`keep an input of ${JSON.stringify(unit)} in ${bytes} bytes`, async () => {
        const value = { text: textOf(bytes - 11, unit) };
        const [objective, task] = specsOf([{ key: 'a' }]);
        const job = await createFrom([objective!, { ...task!, input: { value, refs: [{ at: '/text', task: 0, path: '' }] } }]);

        expect((await fixture.store.taskSpec(job.id, 1))!.input).toEqual({ value, refs: [{ at: '/text', task: 0, path: '' }] });
        expect((await fixture.store.reader.taskInputs([{ jobId: job.id, no: 1 }], 2_000_000))[0]).toMatchObject({
          truncated: false,
          value,
        });
      });
  });

  // Kept here so that the verb stays in use where a store grows a job by hand.
  it('adds tasks that an attempt asks for', async () => {
    const job = await create([{ key: 'a' }]);
    await job.do((play) => {
      play.claim('a');
      play.send({ kind: 'suspend', ...play.attemptOf('a'), waitFor: 'answers', tasks: [newTask('q', 'need')], alreadyAsked: [] });
    });

    expect(await fixture.store.taskSpec(job.id, 2)).toMatchObject({ key: 'q', parent: 1, origin: 'need', originKey: 'q' });
  });
}
