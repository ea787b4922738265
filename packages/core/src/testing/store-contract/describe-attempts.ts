import { byteLength } from '../../kernel/json.js';
import { newTask } from '../machine/scenario.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreFixture } from './store-fixture.js';
import type { StoredJob } from './stored-job.js';

/** What an attempt is told of its own past and of its neighbours. */
export function describeAttempts({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { create } = fixture;

  describe('the memo of a task', () => {
    it('has the steps and the answers of its generation, and of no other', async () => {
      const job = await create([{ key: 'a' }]);
      const step = (stepName: string, json: string) => (play: StoredJob['play']) =>
        play.send({
          kind: 'record-step',
          memo: 'step',
          ...play.attemptOf('a'),
          name: stepName,
          value: { json, bytes: byteLength(json) },
        });
      await job.do((play) => play.claim('a'));
      await job.do(step('fetch', '{"n":1}'));
      await job.do(step('long', JSON.stringify('漢'.repeat(10_000))));
      await job.do(step('__proto__', 'null'));
      const veryLong = Array.from({ length: 5_000 }, (_, no) => String.fromCodePoint(0x4e00 + ((no * 7919) % 20_000))).join('');
      await job.do(step(`${veryLong}1`, '1'));
      await job.do(step(`${veryLong}2`, '"2"'));
      await job.do((play) => play.need('a', 'q1', 'q2'));
      await job.do((play) => {
        play.claim('q1', 'q2');
        play.complete('q1', 'answer');
        play.fail('q2');
      });
      const memo = await fixture.store.memo(job.id, 1, 1);

      expect(Object.fromEntries(memo.steps.map(({ name: stepName, json }) => [stepName, json.length]))).toEqual({
        fetch: 7,
        long: 10_002,
        ['__proto__']: 4,
        [`${veryLong}1`]: 1,
        [`${veryLong}2`]: 3,
      });
      expect(memo.needs).toMatchObject([
        { key: 'q1', originKey: 'q1', status: 'COMPLETED' },
        { key: 'q2', originKey: 'q2', status: 'FAILED' },
      ]);
      expect((await fixture.store.memo(job.id, 1, 2)).steps).toEqual([]);

      await job.do((play) => play.cancel());
      await job.do((play) => play.retry());
      expect(await fixture.store.memo(job.id, 1, 2)).toEqual({ steps: [], needs: [], openAsks: [] });
    });

    it('takes the last result of a step that was recorded twice', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => play.claim('a'));
      for (const json of ['1', '2'])
        await job.do((play) =>
          play.send({ kind: 'record-step', memo: 'step', ...play.attemptOf('a'), name: 's', value: { json, bytes: 1 } }),
        );

      expect((await fixture.store.memo(job.id, 1, 1)).steps).toEqual([{ kind: 'step', name: 's', json: '2' }]);
    });

    it('tells steps, sleeps and messages of the same name apart', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        const attempt = play.attemptOf('a');
        play.send({ kind: 'record-step', memo: 'step', ...attempt, name: 'same', value: { json: '1', bytes: 1 } });
        play.send({ kind: 'publish', ...attempt, topic: 't', name: 'same', message: 2, value: { json: '2', bytes: 1 }, subscribers: [] });
        const sleeps = [{ name: 'same', until: 9_000 }];
        play.send({ kind: 'suspend', ...attempt, waitFor: 'answers', tasks: [], alreadyAsked: [], sleeps, until: 9_000 });
      });
      const { steps } = await fixture.store.memo(job.id, 1, 1);

      expect(steps.map(({ kind, name, json }) => `${kind} ${name} ${json}`).sort()).toEqual([
        'publish same 2',
        'sleep same 9000',
        'step same 1',
      ]);
    });

    it('tells what its task needs from what it has spawned', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        play.send({ kind: 'spawn', ...play.attemptOf('a'), tasks: [newTask('s', 'spawn')] });
        play.need('a', 'n');
      });

      expect((await fixture.store.memo(job.id, 1, 1)).needs).toEqual([
        { origin: 'spawn', no: 2, key: 's', originKey: '', status: 'READY' },
        { origin: 'need', no: 3, key: 'n', originKey: 'n', status: 'READY' },
      ]);
    });
  });

  describe('what a reviewer said', () => {
    it('is what each rejection says, by the number of its event', async () => {
      const job = await create([{ key: 'a', review: { by: 'manual', maxRejections: 2 } }]);
      const said = ['Too short. 漢字 🙂', `"quoted" \u0000 ${'long '.repeat(2_000)}`];
      const seqs: number[] = [];
      for (const reason of said) {
        await job.do((play) => {
          play.run('a');
          play.send({ kind: 'reject-task', task: play.no('a'), reason, actor: 'user' });
        });
        seqs.push((await fixture.store.loadJob(job.id))!.tasks[1]!.row.feedbackSeq);
      }

      expect(seqs.map((seq) => job.play.events[seq - 1]!.type)).toEqual(['TASK_REJECTED', 'TASK_REJECTED']);
      expect(await Promise.all(seqs.map((seq) => fixture.store.feedback(job.id, seq)))).toEqual(said);
    });

    it('is nothing where nobody was rejected', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => play.run('a'));

      for (const seq of [0, 3, 4, 99]) expect(await fixture.store.feedback(job.id, seq)).toBeNull();
    });
  });

  describe('what an agent sees of its neighbours', () => {
    it('is how they ended, what they came to and why they failed', async () => {
      const job = await create([
        { key: 'story', agent: null },
        { key: 'good', parent: 'story' },
        { key: 'bad', parent: 'story', strategy: 'skip' },
      ]);
      await job.do((play) => {
        play.claim('good', 'bad');
        play.send({ kind: 'complete', ...play.attemptOf('good'), output: null, summary: 'All well.', value: null });
        play.fail('bad');
      });
      const [good, bad] = await fixture.store.children(job.id, 1);

      expect(good).toEqual({ no: 2, key: 'good', name: 'good', type: 'TASK', status: 'COMPLETED', summary: 'All well.', error: null });
      expect(bad).toMatchObject({ status: 'FAILED', summary: null, error: { code: 'AGENT_FAILED', message: 'bad failed' } });
      expect(await fixture.store.digests(job.id, [3, 2])).toEqual([bad, good]);
    });

    it('has no deliveries, which stand below the objective but are no part of its work', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }]);
      const subscribers = [{ agent: 'listener', fact: { durability: 'retry', review: null } }] as const;
      await job.do((play) => {
        play.claim('a');
        const message = { topic: 't', name: 'm', message: 1, value: { json: '1', bytes: 1 } };
        play.send({ kind: 'publish', ...play.attemptOf('a'), ...message, subscribers });
      });

      expect((await fixture.store.taskSpec(job.id, 3))!.origin).toBe('delivery');
      expect((await fixture.store.children(job.id, 0)).map(({ key }) => key)).toEqual(['a', 'b']);
    });
  });
}
