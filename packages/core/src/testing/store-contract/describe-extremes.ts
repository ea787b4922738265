import type { JobWrite } from '../../ports/store.js';
import { plainSpec, specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec } from './stored-job.js';

/** Names of any kind, and very many tasks. */
export function describeExtremes({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, createFrom } = fixture;

  describe('names', () => {
    for (const given of ['__proto__', 'constructor', "o'brien", '"quoted"', '漢字', '🙂', 'a b', '\u202e', 'x'.repeat(10_000)])
      it(`may be ${JSON.stringify(given)}`, async () => {
        const [objective, task] = specsOf([{ key: 'a' }]);
        const job = await createFrom([objective!, { ...task!, name: given, kind: given, agent: given }], {
          name: given,
          workflow: given,
        });

        expect(await fixture.store.reader.task(`${job.id}:1`)).toMatchObject({ name: given, kind: given, agent: given });
        expect((await fixture.store.reader.jobs({ name: given, workflow: given }, { first: 1 })).items).toMatchObject([
          { id: job.id, name: given },
        ]);
        expect(await fixture.store.reader.countTasks({ agent: given, kind: given })).toBe(1);
      });
  });

  describe('a large job', () => {
    it('of 20,000 tasks is written and loaded', async () => {
      const made = creationOf(
        jobSpec(nextId()),
        Array.from({ length: 20_000 }, (_, no) => plainSpec(no, { dependencies: no < 2 ? [] : [{ on: no - 1, mode: 'completed' }] })),
      );
      const cancelled: JobWrite = {
        ...made,
        expectedSeq: 2,
        token: 'cancelled',
        events: [
          {
            type: 'TASKS_CANCELLED',
            at: 2_000,
            actor: 'user',
            tasks: Array.from({ length: 20_000 }, (_, no) => no),
            cause: { reason: 'JOB_CANCELLED' },
          },
        ],
        tasks: Array.from(made.tasks, (task) => ({ ...task, status: 'CANCELLED' as const, finishedAt: 2_000 })),
        row: { ...made.row, status: 'CANCELLED', lastSeq: 3 },
      };
      const { created: _created, ...cancel } = cancelled;
      await fixture.store.commit([made]);
      await fixture.store.commit([cancel]);
      const loaded = (await fixture.store.loadJob(made.jobId))!;

      expect(loaded.tasks).toHaveLength(20_000);
      expect(loaded.tasks.every(({ row }) => row.status === 'CANCELLED')).toBe(true);
      expect((await fixture.store.reader.events(made.jobId, 2, 10))[0]).toMatchObject({ type: 'TASKS_CANCELLED', data: { count: 20_000 } });
    }, 60_000);
  });
}
