import type { Store } from '../../ports/store.js';
import { specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreFixture } from './store-fixture.js';

/** Which jobs and tasks a filter chooses. */
export function describeFilters({ describe, it, beforeEach, expect }: ContractRunner, fixture: StoreFixture): void {
  const { create, createFrom } = fixture;

  describe('filters', () => {
    const keys = async (filter: Parameters<Store['reader']['tasks']>[0]): Promise<string[]> => {
      const { items } = await fixture.store.reader.tasks(filter, { first: 100 });
      expect(await fixture.store.reader.countTasks(filter)).toBe(items.length);
      return items.map(({ key }) => key);
    };

    it('choose jobs by status, workflow and name', async () => {
      const running = await create([], { name: 'One', workflow: 'w1' });
      const ended = await create([], { name: 'Two', workflow: 'w2' });
      await ended.do((play) => play.cancel());
      const ids = async (filter: Parameters<Store['reader']['jobs']>[0]): Promise<string[]> => {
        const { items } = await fixture.store.reader.jobs(filter, { first: 10 });
        expect(await fixture.store.reader.countJobs(filter)).toBe(items.length);
        return items.map(({ id }) => id);
      };

      expect(await ids({})).toEqual([ended.id, running.id]);
      expect(await ids({ status: ['RUNNING'] })).toEqual([running.id]);
      expect(await ids({ status: ['RUNNING', 'CANCELLED'], workflow: 'w2' })).toEqual([ended.id]);
      expect(await ids({ name: 'One' })).toEqual([running.id]);
      expect(await ids({ status: [] })).toEqual([]);
      expect(await ids({ status: ['NO_SUCH' as 'RUNNING'] })).toEqual([]);
      expect(await ids({ name: "One' OR '1'='1" })).toEqual([]);
    });

    it('choose jobs by tenant, and tasks by tenant and assignee', async () => {
      const [objective, a, b] = specsOf([{ key: 'a' }, { key: 'b' }]);
      const mine = await createFrom([objective!, { ...a!, assignee: 'ada' }, b!], { tenant: 'mine' });
      await createFrom([objective!, { ...a!, key: 'c', assignee: 'ada' }], { tenant: 'theirs' });
      const { items } = await fixture.store.reader.jobs({ tenant: 'mine' }, { first: 10 });

      expect(items.map(({ id }) => id)).toEqual([mine.id]);
      expect(await fixture.store.reader.countJobs({ tenant: 'mine' })).toBe(1);
      expect(await fixture.store.reader.countJobs({ tenant: 'Mine' })).toBe(0);
      expect(await keys({ tenant: 'mine' })).toEqual(['objective', 'a', 'b']);
      expect(await keys({ tenant: 'Mine' })).toEqual([]);
      expect(await keys({ assignee: 'ada' })).toEqual(['c', 'a']);
      expect(await keys({ assignee: 'ada', tenant: 'mine' })).toEqual(['a']);
      expect(await keys({ assignee: 'Ada' })).toEqual([]);
    });

    it('choose tasks by status, type, agent, kind and parent', async () => {
      const [objective, story, a, b] = specsOf([
        { key: 'story', agent: null },
        { key: 'a', parent: 'story', agent: 'x' },
        { key: 'b', agent: 'y' },
      ]);
      const job = await createFrom([objective!, { ...story!, type: 'STORY' }, { ...a!, kind: 'read' }, b!]);
      await job.do((play) => play.claim('a'));
      const jobId = job.id;

      expect(await keys({ jobId })).toEqual(['objective', 'story', 'a', 'b']);
      expect(await keys({ jobId, status: ['IN_PROGRESS'] })).toEqual(['a']);
      expect(await keys({ jobId, type: ['STORY', 'OBJECTIVE'] })).toEqual(['objective', 'story']);
      expect(await keys({ jobId, agent: 'y' })).toEqual(['b']);
      expect(await keys({ kind: 'read' })).toEqual(['a']);
      expect(await keys({ parentId: `${jobId}:1` })).toEqual(['a']);
      expect(await keys({ jobId, parentId: `${jobId}:0`, status: ['READY', 'BLOCKED'] })).toEqual(['story', 'b']);
      expect(await keys({ jobId: 'nobody' })).toEqual([]);
      expect(await keys({ parentId: 'nonsense' })).toEqual([]);
      expect(await keys({ jobId, status: [] })).toEqual([]);
    });

    describe('by text', () => {
      const NAMES: { readonly [key: string]: readonly [name: string, description: string | null] } = {
        percent: ['100% done', null],
        under: ['a_b', null],
        back: ['c\\d', null],
        quoted: ['x', 'say "hello"\nworld'],
        umlaut: ['Ärger in ÖSTERREICH', null],
        emoji: ['🙂 smile', null],
        plain: ['plain', 'nothing special'],
      };

      beforeEach(async () => {
        const [objective, ...tasks] = specsOf(Object.keys(NAMES).map((key) => ({ key })));
        await createFrom([
          objective!,
          ...tasks.map((spec) => ({
            ...spec,
            name: NAMES[spec.key]![0],
            description: NAMES[spec.key]![1],
            metadata: { hidden: 'treasure' },
          })),
        ]);
      });

      for (const [wanted, found] of new Map<string, string[]>([
        ['%', ['percent']],
        ['_', ['under']],
        ['\\', ['back']],
        ['0% d', ['percent']],
        ['A_B', ['under']],
        ['PLAIN', ['plain']],
        ['nothing SPECIAL', ['plain']],
        ['say "hello"', ['quoted']],
        ['"hello"\nworld', ['quoted']],
        ['Ärger', ['umlaut']],
        ['ÖSTERREICH', ['umlaut']],
        ['österreich', ['umlaut']],
        ['🙂', ['emoji']],
        ['quoted', ['quoted']],
        ['description', []],
        ['treasure', []],
        ['metadata', []],
        ["' OR 1=1 --", []],
        ['nowhere', []],
      ]))
        it(`${JSON.stringify(wanted)} finds what people read there, and nothing else`, async () => {
          expect(await keys({ text: wanted })).toEqual(found);
        });

      it('of any length are searched for', async () => {
        expect(await keys({ text: 'x'.repeat(100_000) })).toEqual([]);
      });
    });
  });
}
