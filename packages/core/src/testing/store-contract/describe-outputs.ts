import { byteLength, type Json } from '../../kernel/json.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreFixture } from './store-fixture.js';
import type { StoredJob } from './stored-job.js';
import { textOf } from './text-of.js';

/** Outputs of tasks, whole and as previews. */
export function describeOutputs({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { create } = fixture;

  describe('outputs', () => {
    for (const [unit, bytes] of [
      ['x', 4_095],
      ['x', 4_096],
      ['x', 4_097],
      ['漢', 4_098],
      ['🙂', 4_098],
      ['x', 1_048_576],
      ['漢', 1_048_575],
    ] as const)
      it(`of ${JSON.stringify(unit)} in ${bytes} bytes are read back`, async () => {
        const value = textOf(bytes, unit);
        const job = await create([{ key: 'a' }]);
        await job.do((play) => {
          play.claim('a');
          const json = JSON.stringify(value);
          play.send({ kind: 'complete', ...play.attemptOf('a'), output: { json, bytes: byteLength(json) }, summary: null, value });
        });

        expect(await fixture.store.outputs(job.id, [1])).toEqual([JSON.stringify(value)]);
      });

    for (const [what, value] of new Map<string, Json>([
      ['NUL', 'a\u0000b'],
      ['lone surrogates', '\ud800 \udc00'],
      ['keys that look like prototypes', { constructor: 1, toString: [], prototype: null }],
      ['the key "__proto__"', JSON.parse('{"a": {"__proto__": {"admin": true}}}') as Json],
      ['line separators', '\u2028\u2029'],
      ['a number at the edge', [Number.MAX_SAFE_INTEGER, -0.1, 1e-320, 5e-324]],
      ['null', null],
      ['emptiness', ['', {}, []]],
    ]))
      it(`with ${what} are read back`, async () => {
        const job = await create([{ key: 'a' }]);
        await job.do((play) => {
          play.claim('a');
          play.complete('a', value);
        });

        expect(JSON.parse((await fixture.store.outputs(job.id, [1]))[0]!)).toEqual(value);
        expect((await fixture.store.reader.taskOutputs([{ jobId: job.id, no: 1 }], 1_000))[0]!.value).toEqual(value);
        expect(({} as { admin?: boolean }).admin).toBeUndefined();
      });

    it('come in the order asked for, with null where a task has none', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
      await job.do((play) => {
        play.claim('a', 'b', 'c');
        play.complete('a', 1);
        play.send({ kind: 'complete', ...play.attemptOf('b'), output: null, summary: null, value: undefined });
      });

      expect(await fixture.store.outputs(job.id, [3, 1, 2, 1, 99])).toEqual([null, '1', null, '1', null]);
    });

    it('of a map are the outputs of its tasks, in order, without those that have none or belong to the past', async () => {
      const job = await create([{ key: 'list' }]);
      await job.do((play) => {
        play.claim('list');
        play.map('list', 'i1', 'i2', 'i3');
        play.claim('i1', 'i2', 'i3');
        play.complete('i3', { n: 3 });
        play.complete('i1', null);
        play.skip('i2');
        play.claim('list');
        play.send({ kind: 'complete', ...play.attemptOf('list'), output: 'children', summary: null, value: undefined });
      });
      expect(await fixture.store.outputs(job.id, [1])).toEqual(['[null,{"n":3}]']);

      await job.do((play) => play.run('objective'));
      await job.do((play) => play.retry('list'));
      await job.do((play) => {
        play.claim('list');
        play.map('list', 'j1');
        play.claim('j1');
        play.complete('j1', 'new');
        play.claim('list');
        play.send({ kind: 'complete', ...play.attemptOf('list'), output: 'children', summary: null, value: undefined });
      });

      expect(await fixture.store.outputs(job.id, [1])).toEqual(['["new"]']);
      expect((await fixture.store.children(job.id, 1)).map(({ key }) => key)).toEqual(['j1']);
    });

    it('of maps in maps are lists in lists', async () => {
      const job = await create([{ key: 'outer' }]);
      const gather = (key: string) => (play: StoredJob['play']) => {
        play.claim(key);
        play.send({ kind: 'complete', ...play.attemptOf(key), output: 'children', summary: null, value: undefined });
      };
      await job.do((play) => {
        play.claim('outer');
        play.map('outer', 'm1', 'm2');
        for (const key of ['m1', 'm2']) {
          play.claim(key);
          play.map(key, `${key}-a`, `${key}-b`);
          for (const item of [`${key}-a`, `${key}-b`]) {
            play.claim(item);
            play.complete(item, item);
          }
          gather(key)(play);
        }
        gather('outer')(play);
      });

      expect(JSON.parse((await fixture.store.outputs(job.id, [1]))[0]!)).toEqual([
        ['m1-a', 'm1-b'],
        ['m2-a', 'm2-b'],
      ]);
    });

    it('of a task that another one stood in for are those of the other', async () => {
      const job = await create([{ key: 'a', routeTo: 'b' }, { key: 'b' }]);
      await job.do((play) => {
        play.claim('a');
        play.fail('a');
        play.claim('b');
        play.complete('b', 'instead');
      });

      expect((await fixture.store.loadJob(job.id))!.tasks[1]!.row).toMatchObject({ status: 'COMPLETED', output: { kind: 'task', no: 2 } });
      expect(await fixture.store.outputs(job.id, [1, 2])).toEqual(['"instead"', '"instead"']);
      const shown = await fixture.store.reader.taskOutputs([{ jobId: job.id, no: 1 }], 100);
      expect(shown).toEqual([{ bytes: 9, truncated: false, value: 'instead' }]);
    });

    it('of a job are those of its objective: none before it has one, and previews where they are too long', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        play.complete('a', 'of the task');
      });
      expect(await fixture.store.reader.jobOutput(job.id, 1_000)).toBeNull();
      await job.do((play) => {
        play.claim('objective');
        play.complete('objective', 'x'.repeat(100));
      });

      expect(await fixture.store.reader.jobOutput(job.id, 102)).toEqual({ bytes: 102, truncated: false, value: 'x'.repeat(100) });
      expect(await fixture.store.reader.jobOutput(job.id, 101)).toEqual({ bytes: 102, truncated: true, value: `"${'x'.repeat(100)}` });
      expect(await fixture.store.reader.jobOutput('nobody', 1_000)).toBeNull();
    });

    it('are previews where they are too long to show', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        play.complete('a', 'x'.repeat(100));
      });
      const at = [{ jobId: job.id, no: 1 }];

      expect((await fixture.store.reader.taskOutputs(at, 102))[0]).toEqual({ bytes: 102, truncated: false, value: 'x'.repeat(100) });
      expect((await fixture.store.reader.taskOutputs(at, 101))[0]).toEqual({ bytes: 102, truncated: true, value: `"${'x'.repeat(100)}` });
    });

    it('are shown with inputs by the same measure, of one job and of many', async () => {
      const [long, none] = [await create([{ key: 'a' }], { input: 'x'.repeat(100) }), await create([])];
      const whole = { bytes: 102, truncated: false, value: 'x'.repeat(100) };
      const preview = { bytes: 102, truncated: true, value: `"${'x'.repeat(100)}` };
      const ofNone = { bytes: 4, truncated: false, value: null };

      expect(await fixture.store.reader.jobInput(long.id, 102)).toEqual(whole);
      expect(await fixture.store.reader.jobInput(long.id, 101)).toEqual(preview);
      expect(await fixture.store.reader.jobInput(none.id, 4)).toEqual(ofNone);
      expect(await fixture.store.reader.jobInput('nobody', 1_000)).toBeNull();
      expect(await fixture.store.reader.jobInputs([none.id, 'nobody', long.id], 101)).toEqual([ofNone, null, preview]);
    });

    it('are cut between characters in previews', async () => {
      const job = await create([{ key: 'a' }], { input: '🙂🙂🙂' });

      for (let bytes = 1; bytes < 14; bytes += 1) {
        const { value } = (await fixture.store.reader.jobInput(job.id, bytes))!;

        expect((value as string).isWellFormed()).toBe(true);
      }
    });
  });
}
