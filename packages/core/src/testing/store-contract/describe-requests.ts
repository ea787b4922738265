import * as fc from 'fast-check';

import { byteLength, type Json } from '../../kernel/json.js';
import type { Actor, JobEvent } from '../../model/event.js';
import type { NewRequest } from '../../model/human-request.js';
import type { HumanRequestFilter, HumanRequestView, PageRequest } from '../../model/views.js';
import type { Scenario } from '../machine/scenario.js';
import { plainSpec } from '../machine/specs.js';
import { eventsOf } from './arbitraries.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, type StoredJob } from './stored-job.js';
import { textOf } from './text-of.js';

type Act = (play: Scenario) => unknown;

/** Any question. Its name and its hash are found again by them, and consist of whole characters. */
const anyAsked = eventsOf('HUMAN_REQUESTED').map((event) => {
  const { name, hash } = event.ask;
  return { ...event, ask: { ...event.ask, name: name.toWellFormed(), hash: hash.toWellFormed() } };
});

function question(name: string, fields: Partial<NewRequest> = {}): NewRequest {
  return {
    kind: 'question',
    name,
    question: 'What now?',
    about: null,
    schema: null,
    deadline: null,
    onTimeout: 'decide',
    assignee: null,
    hash: `hash of ${name}`,
    ...fields,
  };
}

/** The attempt of a task begins, and ends to ask people. */
const ask =
  (key: string, ...requests: readonly NewRequest[]): Act =>
  (play) => {
    play.claim(key);
    play.send({ kind: 'suspend', ...play.attemptOf(key), waitFor: 'answers', tasks: [], alreadyAsked: [], requests });
  };

const answer =
  (request: number, value: Json, actor: Actor): Act =>
  (play) => {
    const json = JSON.stringify(value);
    play.send({ kind: 'answer', request, answer: { json, bytes: byteLength(json) }, value, hash: null, actor });
  };

const passUntil =
  (moment: number): Act =>
  (play) => {
    play.pass(moment - play.now);
    while (play.send({ kind: 'tick' }).length > 0);
  };

/** Questions to people, as the job goes on with them and as people see them. */
export function describeRequests({ describe, it, beforeEach, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create } = fixture;

  const shown = (id: string): Promise<HumanRequestView | null> => fixture.store.reader.humanRequest(id);
  const openOf = async (job: StoredJob) => (await fixture.store.loadJob(job.id))!.requests;

  describe('questions to people', () => {
    it('are shown as they were asked', async () => {
      const job = await create([{ key: 'a' }]);
      const asked = {
        question: 'Which one? 漢字 🙂',
        about: { order: 7, lines: ['x', null] },
        schema: { type: 'string' },
        deadline: 9_000,
        onTimeout: 'fail',
        assignee: 'ada',
      } as const;
      await job.do(ask('a', question('which', asked), question('plain')));

      expect(await shown(`${job.id}:q1`)).toEqual({
        id: `${job.id}:q1`,
        jobId: job.id,
        taskId: `${job.id}:1`,
        taskKey: 'a',
        kind: 'question',
        name: 'which',
        ...asked,
        hash: 'hash of which',
        status: 'OPEN',
        createdAt: 1_000,
        closedAt: null,
        answer: null,
        answeredBy: null,
      });
      expect(await shown(`${job.id}:q2`)).toMatchObject({ name: 'plain', about: null, schema: null, deadline: null, assignee: null });
    });

    it('are shown whatever they say, and loaded', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyAsked, { minLength: 1, maxLength: 4 }), async (drawn) => {
          const id = nextId();
          const asked = drawn.map((event, index): JobEvent => ({ ...event, task: 0, request: index + 1 }));
          const write = creationOf(jobSpec(id), [plainSpec(0)]);
          const events = [...write.events, ...asked];
          await fixture.store.commit([{ ...write, events, row: { ...write.row, lastSeq: events.length } }]);
          const loaded = (await fixture.store.loadJob(id))!.requests;

          for (const [index, { ask: said }] of drawn.entries()) {
            const { kind, name, deadline, onTimeout, hash } = said;
            const view = (await shown(`${id}:q${index + 1}`))!;
            const { question: text, about, schema, assignee } = view;
            const again = { kind: view.kind, name: view.name, question: text, about, schema, deadline: view.deadline };
            expect({ ...again, onTimeout: view.onTimeout, assignee, hash: view.hash }).toEqual(said);
            expect(loaded[index]).toEqual({ request: index + 1, task: 0, kind, name, deadline, onTimeout, hash, holdsJob: false });
          }
        }),
        { numRuns: 40 },
      );
    });

    it('are found by id, and null for what is none', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do(ask('a', question('q')));

      expect((await shown(`${job.id}:q1`))!.name).toBe('q');
      for (const id of ['', job.id, `${job.id}:1`, `${job.id}:q`, `${job.id}:q0`, `${job.id}:q2`, `${job.id}:q1;`, 'nobody:q1', "'; DROP"])
        expect(await shown(id)).toBeNull();
    });

    it('are loaded with their job while they are open, also after the store was opened anew', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }]);
      await job.do(ask('a', question('one'), question('two', { deadline: 9_000, onTimeout: 'pause' })));
      await job.do(ask('b', question('three')));
      await job.do(answer(1, 'yes', 'user'));
      await fixture.reopen();
      const { requests, row } = (await fixture.store.loadJob(job.id))!;

      expect(requests).toEqual([
        {
          request: 2,
          task: 1,
          kind: 'question',
          name: 'two',
          deadline: 9_000,
          onTimeout: 'pause',
          hash: 'hash of two',
          holdsJob: false,
        },
        {
          request: 3,
          task: 2,
          kind: 'question',
          name: 'three',
          deadline: null,
          onTimeout: 'decide',
          hash: 'hash of three',
          holdsJob: false,
        },
      ]);
      // The next one is the fourth, whatever has become of these.
      expect(row.requestCount).toBe(3);
    });

    it('that were answered tell the answer, and who gave it', async () => {
      const answers: Json[] = ['yes', null, { nested: [1, '漢🙂'] }, textOf(10_000)];
      const job = await create([{ key: 'a' }]);
      await job.do(ask('a', ...answers.map((_, index) => question(`q${index}`))));
      for (const [index, value] of answers.entries())
        await job.do((play) => {
          play.pass(1_000);
          answer(index + 1, value, `user:person ${index}`)(play);
        });

      for (const [index, value] of answers.entries())
        expect(await shown(`${job.id}:q${index + 1}`)).toMatchObject({
          status: 'ANSWERED',
          createdAt: 1_000,
          closedAt: 2_000 + index * 1_000,
          answer: value,
          answeredBy: `user:person ${index}`,
        });
    });

    it('that nobody answered in time have expired, with their deadlines', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do(ask('a', question('soon', { deadline: 5_000 }), question('fails', { deadline: 5_000, onTimeout: 'fail' })));
      await job.do(passUntil(6_000));

      for (const id of [`${job.id}:q1`, `${job.id}:q2`])
        expect(await shown(id)).toMatchObject({ status: 'EXPIRED', deadline: 5_000, closedAt: 6_000, answer: null, answeredBy: null });
      expect(await openOf(job)).toEqual([]);
    });

    it('that nobody needs any more are withdrawn, all of an event', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do(ask('a', question('one'), question('two')));
      await job.do((play) => {
        play.pass(1_000);
        play.cancel();
      });

      for (const id of [`${job.id}:q1`, `${job.id}:q2`])
        expect(await shown(id)).toMatchObject({ status: 'WITHDRAWN', closedAt: 2_000, answer: null, answeredBy: null });
      expect(await openOf(job)).toEqual([]);
    });

    describe('that hold their job', () => {
      let job: StoredJob;

      beforeEach(async () => {
        job = await create([{ key: 'a' }]);
        await job.do(ask('a', question('held', { deadline: 5_000, onTimeout: 'pause' }), question('other')));
        await job.do(passUntil(6_000));
      });

      it('are open without a deadline, and are the ones that hold it', async () => {
        expect(await shown(`${job.id}:q1`)).toMatchObject({ status: 'OPEN', deadline: null, onTimeout: 'pause', closedAt: null });
        expect(await openOf(job)).toMatchObject([
          { request: 1, deadline: null, holdsJob: true },
          { request: 2, holdsJob: false },
        ]);
      });

      it('hold it until they are answered', async () => {
        await job.do(answer(1, 'go on', 'user:ada'));

        expect(await shown(`${job.id}:q1`)).toMatchObject({ status: 'ANSWERED', answer: 'go on', answeredBy: 'user:ada' });
        expect(await openOf(job)).toMatchObject([{ request: 2, holdsJob: false }]);
      });

      it('hold it no longer where a person lets it go on without an answer', async () => {
        await job.do((play) => play.send({ kind: 'lift-hold', task: 0, reason: null, actor: 'user' }));

        expect(await shown(`${job.id}:q1`)).toMatchObject({ status: 'OPEN', deadline: null, closedAt: null });
        expect(await openOf(job)).toMatchObject([
          { request: 1, deadline: null, holdsJob: false },
          { request: 2, holdsJob: false },
        ]);
      });
    });

    it('are remembered by the task that asked: those that are open, answers with who gave them, and what came of no answer', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }]);
      await job.do(
        ask(
          'a',
          question('__proto__'),
          question('late', { deadline: 5_000 }),
          question('fails', { deadline: 5_000, onTimeout: 'fail' }),
          question('still open'),
        ),
      );
      await job.do(ask('b', question('of another task')));
      await job.do(answer(1, { size: 'M' }, 'user:ada'));
      await job.do(passUntil(6_000));
      const { steps, openAsks } = await fixture.store.memo(job.id, 1, 1);

      expect(openAsks).toEqual(['still open']);
      expect(steps.every(({ kind }) => kind === 'ask')).toBe(true);
      expect(new Map(steps.map(({ name, json }) => [name, JSON.parse(json) as Json]))).toEqual(
        new Map<string, Json>([
          ['__proto__', { answer: { size: 'M' }, by: 'user:ada' }],
          ['late', { timedOut: 'decide' }],
          ['fails', { timedOut: 'fail' }],
        ]),
      );
    });

    it('are gone with their job', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do(ask('a', question('one'), question('two')));
      await job.do(answer(1, textOf(10_000), 'user'));
      await job.do((play) => play.cancel());
      expect((await shown(`${job.id}:q1`))!.status).toBe('ANSWERED');
      await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

      expect(await fixture.rowsOf()).toEqual({ taskloom_expired_job: 1 });
      for (const id of [`${job.id}:q1`, `${job.id}:q2`]) expect(await shown(id)).toBeNull();
      expect(await fixture.store.reader.humanRequests({}, { first: 10 })).toEqual({ items: [], cursors: [], hasNextPage: false });
    });
  });

  describe('lists of questions to people', () => {
    const namesOf = async (filter: HumanRequestFilter): Promise<string[]> =>
      (await fixture.store.reader.humanRequests(filter, { first: 100 })).items.map(({ name }) => name);

    it('go through those of all jobs, the newest job first, as they were asked in each', async () => {
      const [one, two] = [await create([{ key: 'a' }, { key: 'b' }]), await create([{ key: 'a' }])];
      await two.do(ask('a', question('two 1'), question('two 2')));
      await one.do(ask('b', question('one 1')));
      await one.do(ask('a', ...Array.from({ length: 11 }, (_, index) => question(`one ${index + 2}`))));
      const wanted = ['two 1', 'two 2', ...Array.from({ length: 12 }, (_, index) => `one ${index + 1}`)];

      expect(await namesOf({})).toEqual(wanted);
    });

    it('go on where the page before ended, and say whether there are more', async () => {
      const [one, two] = [await create([{ key: 'a' }]), await create([{ key: 'a' }])];
      await one.do(ask('a', question('3'), question('4'), question('5')));
      await two.do(ask('a', question('1'), question('2')));
      const pages: unknown[] = [];
      for (let page: PageRequest = { first: 2 }; pages.length < 3;) {
        const { items, cursors, hasNextPage } = await fixture.store.reader.humanRequests({}, page);
        pages.push([items.map(({ name }) => name), cursors.length, hasNextPage]);
        page = { first: 2, after: cursors.at(-1)! };
      }

      expect(pages).toEqual([
        [['1', '2'], 2, true],
        [['3', '4'], 2, true],
        [['5'], 1, false],
      ]);
    });

    for (const first of [0, -1, 101, 1.5, Number.NaN])
      it(`are not ${first} long`, async () => {
        expect(await refusalOf(fixture.store.reader.humanRequests({}, { first }))).toBe('PAGE_SIZE');
      });

    it('are not continued from what is no cursor, or one of another list', async () => {
      await create([]);
      const [ofJobs] = (await fixture.store.reader.jobs({}, { first: 1 })).cursors;

      for (const after of ['', 'garbage', ofJobs!])
        expect(await refusalOf(fixture.store.reader.humanRequests({}, { first: 1, after }))).toBe('CURSOR_INVALID');
    });

    it('of one job are not continued from a cursor in another, and of a job that the tenant has not are empty', async () => {
      const [one, other] = [await create([{ key: 'a' }], { tenant: 'acme' }), await create([{ key: 'a' }], { tenant: 'acme' })];
      for (const job of [one, other]) await job.do(ask('a', question(`first of ${job.id}`), question(`second of ${job.id}`)));
      const after = (await fixture.store.reader.humanRequests({ jobId: one.id }, { first: 1 })).cursors[0]!;
      const namesIn = async (filter: HumanRequestFilter): Promise<string[]> =>
        (await fixture.store.reader.humanRequests(filter, { first: 5, after })).items.map(({ name }) => name);

      expect(await namesIn({ jobId: one.id, tenant: 'acme' })).toEqual([`second of ${one.id}`]);
      for (const filter of [{ jobId: other.id }, { jobId: other.id, tenant: 'acme' }])
        expect(await refusalOf(namesIn(filter))).toBe('CURSOR_INVALID');
      for (const filter of [{ jobId: other.id, tenant: 'else' }, { jobId: 'nobody' }]) expect(await namesIn(filter)).toEqual([]);
    });

    describe('choose', () => {
      let acme: StoredJob;

      beforeEach(async () => {
        acme = await create([{ key: 'a' }], { tenant: 'acme' });
        await acme.do(ask('a', question('a1', { assignee: 'ada' }), question('a2'), question('a3', { deadline: 5_000 })));
        await acme.do(answer(1, 'yes', 'user'));
        await acme.do(passUntil(6_000));
        const other = await create([{ key: 'a' }], { tenant: 'else' });
        await other.do(ask('a', question('e1', { assignee: 'ada' })));
      });

      it('by tenant', async () => {
        expect(await namesOf({ tenant: 'acme' })).toEqual(['a1', 'a2', 'a3']);
        expect(await namesOf({ tenant: 'nobody' })).toEqual([]);
      });

      it('by job', async () => {
        expect(await namesOf({ jobId: acme.id })).toEqual(['a1', 'a2', 'a3']);
        expect(await namesOf({ jobId: 'nobody' })).toEqual([]);
      });

      it('by status', async () => {
        expect(await namesOf({ status: ['OPEN'] })).toEqual(['e1', 'a2']);
        expect(await namesOf({ status: ['ANSWERED', 'EXPIRED'] })).toEqual(['a1', 'a3']);
        expect(await namesOf({ status: ['WITHDRAWN'] })).toEqual([]);
        expect(await namesOf({ status: [] })).toEqual([]);
        expect(await namesOf({ status: ['NO_SUCH' as 'OPEN'] })).toEqual([]);
      });

      it('by assignee', async () => {
        expect(await namesOf({ assignee: 'ada' })).toEqual(['e1', 'a1']);
        expect(await namesOf({ assignee: 'Ada' })).toEqual([]);
        expect(await namesOf({ assignee: "ada' OR '1'='1" })).toEqual([]);
      });

      it('by all of these at once', async () => {
        expect(await namesOf({ tenant: 'acme', jobId: acme.id, assignee: 'ada', status: ['ANSWERED'] })).toEqual(['a1']);
        expect(await namesOf({ tenant: 'acme', assignee: 'ada', status: ['OPEN'] })).toEqual([]);
      });
    });
  });
}
