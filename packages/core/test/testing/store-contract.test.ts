import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { HumanRequestFilter, HumanRequestView, JobView } from '../../src/model/views.js';
import type { EngineReader } from '../../src/ports/reader.js';
import type { JobRow, JobWrite, SharedStore, Store, StoredJob, StoredMemo, StoreListener } from '../../src/ports/store.js';
import { describeStoreContract, type StoreUnderTest } from '../../src/store-contract.js';
import { SqliteStore } from '../../src/store/sqlite-store.js';
import { jobSpec } from '../../src/testing/store-contract/stored-job.js';
import { gatherTests, type GatheredTest } from '../helpers/gather-tests.js';
import { PostgresServer, whyNoPostgres } from '../helpers/postgres-server.js';
import { postgresUnderTest } from '../helpers/postgres-stores.js';
import { rowsOf } from '../helpers/sqlite-rows.js';

/** What a store does instead of what it should; what is left out is right. */
type Fault<S extends Store = Store> = (store: S) => Partial<S>;
type Faults<S extends Store = Store> = { readonly [mistake: string]: { readonly fault: Fault<S>; readonly foundBy: string } };

/** Mistakes that the author of a store makes easily, each with the test of the suite that must find it. */
const FAULTS: Faults = {
  'loses the last event of a commit': {
    fault: (store) => ({
      commit: (writes) => store.commit(writes.map((write) => (write.created ? write : { ...write, events: write.events.slice(0, -1) }))),
    }),
    foundBy: 'as a store events come from a cursor, in order, without a gap',
  },
  'reads the row of the task before': {
    fault: (store) => ({
      async loadJob(jobId) {
        const job = await store.loadJob(jobId);
        return job && { ...job, tasks: job.tasks.map(({ spec }, no) => ({ spec, row: job.tasks[Math.max(0, no - 1)]!.row })) };
      },
    }),
    foundBy: 'as a store a job is loaded as it was committed',
  },
  'commits the jobs of a flush one by one': {
    fault: (store) => ({
      async commit(writes) {
        for (const write of writes) await store.commit([write]);
      },
    }),
    foundBy: 'as a store a commit of several jobs is all or nothing, also for the jobs it would have made',
  },
  'writes on whatever the job has become': {
    fault: (store) => ({
      async commit(writes) {
        const seqs = await Promise.all(writes.map(async ({ jobId }) => (await store.loadJob(jobId))?.row.lastSeq ?? 0));
        return store.commit(writes.map((write, index) => ({ ...write, expectedSeq: seqs[index]! })));
      },
    }),
    foundBy: 'as a store a commit on what the job no longer is changes nothing at all',
  },
  'keeps no costs': {
    fault: (store) => ({ commit: (writes) => store.commit(writes.map(({ costs: _costs, ...write }) => write)) }),
    foundBy: 'keeps costs of a task and of its job, which add up, also after the store was opened anew',
  },
  'gives entries that have expired': {
    fault: ({ entries }) => ({ entries: changed(entries, { get: (address) => entries.get(address, 0) }) }),
    foundBy: 'as a store of keys and values has no entry from the moment on at which it expires',
  },
  'lets every job begin': {
    fault: ofRow((row) => ({ ...row, begun: true })),
    foundBy: 'as a store a job is loaded with all that its row says',
  },
  'gives jobs that nobody made an empty history': {
    fault: (store) => ({ history: async (jobId) => (await store.history(jobId)) ?? { spec: jobSpec(jobId), events: [] } }),
    foundBy: 'as a store a job has a history where somebody made it',
  },
  'forgets what a job carries': {
    fault: (store) => ({ jobContext: async (jobId) => ({ ...(await store.jobContext(jobId)), carried: null }) }),
    foundBy: 'as a store a job tells every attempt its metadata and what it carries, as JSON, and null for none',
  },
  'leaves out rows that are plain': {
    fault: (store) => ({
      async commit(writes) {
        const withoutPlain = (write: JobWrite): JobWrite => ({ ...write, tasks: [...write.tasks].filter(({ isPlain }) => !isPlain) });
        await store.commit(writes.map((write) => (write.created ? write : withoutPlain(write))));
      },
    }),
    foundBy: 'as a store rows and definitions are read back where a write says that what seldom changes is as it was, new and changed',
  },
  'has no output for a task that another one stood in for': {
    fault: (store) => ({
      async outputs(jobId, nos) {
        const tasks = (await store.loadJob(jobId))?.tasks;
        return (await store.outputs(jobId, nos)).map((text, index) => (tasks?.[nos[index]!]?.row.output.kind === 'task' ? null : text));
      },
    }),
    foundBy: 'as a store outputs of a task that another one stood in for are those of the other',
  },
  'takes the output of the first task for that of the job': {
    fault: ofReader((reader) => ({
      jobOutput: async (jobId, maxBytes) => (await reader.taskOutputs([{ jobId, no: 1 }], maxBytes))[0]!,
    })),
    foundBy: 'as a store outputs of a job are those of its objective: none before it has one, and previews where they are too long',
  },
  'cuts inputs a byte too early': {
    fault: ofReader((reader) => ({ jobInput: (jobId, maxBytes) => reader.jobInput(jobId, maxBytes - 1) })),
    foundBy: 'as a store outputs are shown with inputs by the same measure, of one job and of many',
  },
  'takes messages and sleeps for steps': {
    fault: ofMemo((memo) => ({ ...memo, steps: memo.steps.map((step) => ({ ...step, kind: 'step' })) })),
    foundBy: 'as a store the memo of a task tells steps, sleeps and messages of the same name apart',
  },
  'takes what was spawned for what is needed': {
    fault: ofMemo((memo) => ({ ...memo, needs: memo.needs.map((need) => ({ ...need, origin: 'need' })) })),
    foundBy: 'as a store the memo of a task tells what its task needs from what it has spawned',
  },
  'gives the feedback of the first rejection for each': {
    fault: (store) => {
      const first = new Map<string, Promise<string | null>>();
      return {
        feedback(jobId, seq) {
          if (!first.has(jobId)) first.set(jobId, store.feedback(jobId, seq));
          return first.get(jobId)!;
        },
      };
    },
    foundBy: 'as a store what a reviewer said is what each rejection says, by the number of its event',
  },
  'has feedback where nobody was rejected': {
    fault: (store) => ({ feedback: async (jobId, seq) => (await store.feedback(jobId, seq)) ?? '' }),
    foundBy: 'as a store what a reviewer said is nothing where nobody was rejected',
  },
  'shows agents deliveries below the objective': {
    fault: (store) => ({
      async children(jobId, no) {
        const { tasks } = (await store.loadJob(jobId))!;
        const below = tasks.filter(({ spec, row }) => spec.parent === no && row.reason !== 'SUPERSEDED');
        return store.digests(
          jobId,
          below.map(({ spec }) => spec.no),
        );
      },
    }),
    foundBy:
      'as a store what an agent sees of its neighbours has no deliveries, which stand below the objective but are no part of its work',
  },
  'counts each open task as one, whatever it weighs': {
    fault: ofReader((reader) => ({
      async openWork() {
        const work = await reader.openWork();
        const counts = Object.values(await reader.taskCounts({}));
        return { ...work, total: counts.reduce((sum, count) => sum + count, -work.jobs) };
      },
    })),
    foundBy: 'as a store views add up the work of the jobs that have not ended, by weight, each task as far as it is',
  },
  'lists the jobs of all tenants': {
    fault: ofReader((reader) => ({ jobs: ({ tenant: _tenant, ...filter }, page) => reader.jobs(filter, page) })),
    foundBy: 'as a store filters choose jobs by tenant, and tasks by tenant and assignee',
  },
  'lists tasks whoever they are meant for': {
    fault: ofReader((reader) => ({
      tasks: ({ assignee: _assignee, ...filter }, page) => reader.tasks(filter, page),
      countTasks: ({ assignee: _assignee, ...filter }) => reader.countTasks(filter),
    })),
    foundBy: 'as a store filters choose jobs by tenant, and tasks by tenant and assignee',
  },
  'forgets what a question is about': {
    fault: ofRequest((view) => ({ ...view, about: null })),
    foundBy: 'as a store questions to people are shown as they were asked',
  },
  'keeps deadlines of questions to the second': {
    fault: ofRequest(({ deadline, ...view }) => ({ ...view, deadline: deadline === null ? null : deadline - (deadline % 1_000) })),
    foundBy: 'as a store questions to people are shown whatever they say, and loaded',
  },
  'finds a question by all that begins with its id': {
    fault: ofReader((reader) => ({ humanRequest: (id) => reader.humanRequest(/^.+?:q\d+/.exec(id)?.[0] ?? id) })),
    foundBy: 'as a store questions to people are found by id, and null for what is none',
  },
  'counts only the questions that are open': {
    fault: ofRow((row, { requests }) => ({ ...row, requestCount: requests.length })),
    foundBy: 'as a store questions to people are loaded with their job while they are open, also after the store was opened anew',
  },
  'does not say who answered': {
    fault: ofRequest((view) => ({ ...view, answeredBy: view.answeredBy && 'user' })),
    foundBy: 'as a store questions to people that were answered tell the answer, and who gave it',
  },
  'takes an expired question for a withdrawn one': {
    fault: ofRequest((view) => ({ ...view, status: view.status === 'EXPIRED' ? 'WITHDRAWN' : view.status })),
    foundBy: 'as a store questions to people that nobody answered in time have expired, with their deadlines',
  },
  'shows a question as open that nobody needs any more': {
    fault: ofRequest((view) => ({ ...view, status: view.status === 'WITHDRAWN' ? 'OPEN' : view.status })),
    foundBy: 'as a store questions to people that nobody needs any more are withdrawn, all of an event',
  },
  'shows a deadline that has passed': {
    fault: ofReader((reader, store) => ({
      async humanRequest(id) {
        const view = await reader.humanRequest(id);
        if (view?.status !== 'OPEN') return view;
        const { events } = (await store.history(view.jobId))!;
        const asked = events.find((event) => event.type === 'HUMAN_REQUESTED' && event.ask.name === view.name);
        return { ...view, deadline: asked?.type === 'HUMAN_REQUESTED' ? asked.ask.deadline : null };
      },
    })),
    foundBy: 'as a store questions to people that hold their job are open without a deadline, and are the ones that hold it',
  },
  'does not say who let a job go on': {
    fault: ofRequest((view) => ({ ...view, answeredBy: view.onTimeout === 'pause' ? null : view.answeredBy })),
    foundBy: 'as a store questions to people that hold their job hold it until they are answered',
  },
  'closes a question when its job goes on': {
    fault: ofReader((reader, store) => ({
      async humanRequest(id) {
        const view = await reader.humanRequest(id);
        if (view?.status !== 'OPEN' || view.onTimeout !== 'pause') return view;
        const { requests } = (await store.loadJob(view.jobId))!;
        return requests.some(({ name, holdsJob }) => name === view.name && holdsJob) ? view : { ...view, status: 'WITHDRAWN' };
      },
    })),
    foundBy: 'as a store questions to people that hold their job hold it no longer where a person lets it go on without an answer',
  },
  'tells an agent the answer and not who gave it': {
    fault: ofMemo((memo) => ({
      ...memo,
      steps: memo.steps.map((step) => ({ ...step, json: step.json.replace(/"by":"[^"]*"/, '"by":"user"') })),
    })),
    foundBy:
      'as a store questions to people are remembered by the task that asked: those that are open, answers with who gave them, and what came of no answer',
  },
  'shows questions of jobs that were deleted': {
    fault: ofReader((reader) => {
      const seen = new Map<string, HumanRequestView>();
      return {
        async humanRequest(id) {
          const view = await reader.humanRequest(id);
          if (view) seen.set(id, view);
          return seen.get(id) ?? null;
        },
      };
    }),
    foundBy: 'as a store questions to people are gone with their job',
  },
  'lists questions in the order of their ids': {
    fault: ofReader((reader) => ({
      async humanRequests(filter, page) {
        const found = await reader.humanRequests(filter, page);
        return { ...found, items: [...found.items].sort((a, b) => (a.jobId !== b.jobId ? 0 : a.id < b.id ? -1 : 1)) };
      },
    })),
    foundBy: 'as a store lists of questions to people go through those of all jobs, the newest job first, as they were asked in each',
  },
  'says of each page of questions that it is the last': {
    fault: ofReader((reader) => ({
      humanRequests: async (filter, page) => ({ ...(await reader.humanRequests(filter, page)), hasNextPage: false }),
    })),
    foundBy: 'as a store lists of questions to people go on where the page before ended, and say whether there are more',
  },
  'gives pages of questions of any length': {
    fault: ofReader((reader) => ({
      humanRequests: (filter, page) => reader.humanRequests(filter, { ...page, first: Math.min(page.first, 100) }),
    })),
    foundBy: 'as a store lists of questions to people are not 101 long',
  },
  'begins a list of questions anew where a cursor is none': {
    fault: ofReader((reader) => ({
      humanRequests: (filter, page) => reader.humanRequests(filter, page).catch(() => reader.humanRequests(filter, { first: page.first })),
    })),
    foundBy: 'as a store lists of questions to people are not continued from what is no cursor, or one of another list',
  },
  'lists questions of all tenants': {
    fault: ofRequests(({ tenant: _tenant, ...filter }) => filter),
    foundBy: 'as a store lists of questions to people choose by tenant',
  },
  'lists questions of all jobs': {
    fault: ofRequests(({ jobId: _jobId, ...filter }) => filter),
    foundBy: 'as a store lists of questions to people choose by job',
  },
  'lists all questions where no status is wanted': {
    fault: ofRequests(({ status, ...filter }) => (status?.length === 0 ? filter : { ...filter, ...(status && { status }) })),
    foundBy: 'as a store lists of questions to people choose by status',
  },
  'lists questions whoever they are meant for': {
    fault: ofRequests(({ assignee: _assignee, ...filter }) => filter),
    foundBy: 'as a store lists of questions to people choose by assignee',
  },
  'forgets the tenant where questions are chosen by status and assignee': {
    fault: ofRequests(({ tenant, ...filter }) =>
      tenant === undefined || (filter.status && filter.assignee !== undefined) ? filter : { ...filter, tenant },
    ),
    foundBy: 'as a store lists of questions to people choose by all of these at once',
  },
};

/** Mistakes that show only where two stores are open on the same data. */
const SHARED_FAULTS: Faults<SharedStore> = {
  'does not see what others have written': {
    fault(store) {
      const known = new Map<string, StoredJob | null>();
      return {
        ...forgetting(store, known),
        async loadJob(jobId) {
          if (!known.has(jobId)) known.set(jobId, await store.loadJob(jobId));
          return known.get(jobId)!;
        },
      };
    },
    foundBy: 'as a store stores that engines share see what others have written, and write only on that',
  },
  'remembers that a key was free': {
    fault(store) {
      const known = new Map<string, Awaited<ReturnType<Store['idempotency']>>>();
      return {
        ...forgetting(store, known),
        async idempotency(tenant, key) {
          const place = `${tenant} ${key}`;
          if (!known.has(place)) known.set(place, await store.idempotency(tenant, key));
          return known.get(place)!;
        },
      };
    },
    foundBy: 'as a store stores that engines share give an idempotency key to one job, whoever asks',
  },
  'shows jobs that others have deleted': {
    fault(store) {
      const known = new Map<string, JobView | null>();
      const job = async (id: string): Promise<JobView | null> => {
        if (!known.has(id)) known.set(id, await store.reader.job(id));
        return known.get(id)!;
      };
      return { ...forgetting(store, known), reader: changed(store.reader, { job }) };
    },
    foundBy: 'as a store stores that engines share have no job any more that another one has deleted',
  },
  'does not tell where jobs stand that have ended': {
    fault: (store) => ({ standing: async (ids) => (await store.standing(ids)).filter(({ ended }) => !ended) }),
    foundBy: 'as a store stores that engines share tell where every open job stands, and those that are asked for',
  },
  'gives events without long inputs': {
    fault: (store) => ({ eventsAfter: async (jobId, seq) => (await store.history(jobId))!.events.slice(seq) }),
    foundBy: 'as a store stores that engines share give the events of a job after any of them, as they were decided',
  },
  'does not say what has happened before a job was held': {
    fault: (store) => ({ commitHeld: (jobId, afterSeq, decide) => store.commitHeld(jobId, afterSeq, () => decide([])) }),
    foundBy: 'as a store a job that is held is gone on with from what others have written',
  },
  'lets others write a job that is held': {
    fault: (store) => ({
      async commitHeld(jobId, afterSeq, decide) {
        const write = decide(await store.eventsAfter(jobId, afterSeq));
        if (write === null) return;
        const lastSeq = async (): Promise<number> => (await store.loadJob(jobId))!.row.lastSeq;
        for (let seq = await lastSeq(); seq === write.expectedSeq;) seq = await lastSeq();
        await store.commit([write]);
      },
    }),
    foundBy: 'as a store a job that is held is written by nobody else meanwhile',
  },
  'takes a decision that breaks for none': {
    fault: (store) => ({
      commitHeld: (jobId, afterSeq, decide) =>
        store.commitHeld(jobId, afterSeq, (since) => {
          try {
            return decide(since);
          } catch {
            return null;
          }
        }),
    }),
    foundBy: 'as a store a job that is held is as it was where nothing comes of it, or the decision breaks, and is free again',
  },
  'has a job decided on that is not there': {
    fault: (store) => ({
      async commitHeld(jobId, afterSeq, decide) {
        if (!(await store.loadJob(jobId))) decide([]);
        await store.commitHeld(jobId, afterSeq, decide);
      },
    }),
    foundBy: 'as a store a job that is held has to be there',
  },
  'tells of an event that is still to come': {
    fault: (store) => ({
      follow: (listener) =>
        store.follow({
          ...listener,
          written: (news) => listener.written(news.map((job) => ({ ...job, lastSeq: job.lastSeq + 1 }))),
        }),
    }),
    foundBy: 'as a store who follows a shared store hears of what others have written, and of nothing that does not stand',
  },
  'tells an engine what it has written itself': {
    fault(store) {
      let own: StoreListener | null = null;
      return {
        follow: (listener) => store.follow((own = listener)),
        async commit(writes) {
          await store.commit(writes);
          own?.written(writes.map(({ jobId, row }) => ({ jobId, lastSeq: row.lastSeq, ended: false })));
        },
      };
    },
    foundBy: 'as a store who follows a shared store hears nothing of its own',
  },
  'announces schedules as alerts': {
    fault: (store) => ({ announce: () => store.announce('alerts') }),
    foundBy: 'as a store who follows a shared store hears nothing of its own',
  },
  'lets two lead': {
    fault: () => ({ lead: async () => undefined }),
    foundBy: 'as a store the store that leads is one, until it is closed',
  },
};

/** The same object with some of it changed. */
function changed<T extends object>(whole: T, change: Partial<T>): T {
  return new Proxy(whole, {
    get(target, key) {
      const value: unknown = Reflect.get(key in change ? change : target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function ofRow(change: (row: JobRow, job: StoredJob) => JobRow): Fault {
  return (store) => ({
    async loadJob(jobId) {
      const job = await store.loadJob(jobId);
      return job && { ...job, row: change(job.row, job) };
    },
  });
}

function ofMemo(change: (memo: StoredMemo) => StoredMemo): Fault {
  return (store) => ({ memo: async (jobId, no, generation) => change(await store.memo(jobId, no, generation)) });
}

function ofReader(change: (reader: EngineReader, store: Store) => Partial<EngineReader>): Fault {
  return (store) => ({ reader: changed(store.reader, change(store.reader, store)) });
}

function ofRequest(change: (view: HumanRequestView) => HumanRequestView): Fault {
  return ofReader((reader) => ({
    async humanRequest(id) {
      const view = await reader.humanRequest(id);
      return view && change(view);
    },
  }));
}

function ofRequests(change: (filter: HumanRequestFilter) => HumanRequestFilter): Fault {
  return ofReader((reader) => ({ humanRequests: (filter, page) => reader.humanRequests(change(filter), page) }));
}

/** What a store remembers is forgotten with its own writes. */
function forgetting(store: SharedStore, known: Map<string, unknown>): Partial<SharedStore> {
  return {
    commit: (writes) => (known.clear(), store.commit(writes)),
    deleteEndedJobs: (which) => (known.clear(), store.deleteEndedJobs(which)),
  };
}

/** The same kind of store with a fault in each. */
function planted<S extends Store>(under: StoreUnderTest, fault: Fault<S>): StoreUnderTest {
  const wholes = new WeakMap<Store, Store>();
  const plant = (whole: Store): Store => {
    const store = changed(whole as S, fault(whole as S));
    wholes.set(store, whole);
    return store;
  };
  const wholeOf = (store: Store): Store => wholes.get(store)!;
  return {
    open: async () => plant(await under.open()),
    reopen: async (store) => plant(await under.reopen(wholeOf(store))),
    openBeside: async (store) => plant(await under.openBeside!(wholeOf(store))),
    close: (store) => under.close(wholeOf(store)),
    rowsOf: (store) => under.rowsOf(wholeOf(store)),
  };
}

/** The suite on a kind of store with a fault, or without. */
function contractOf<S extends Store>(under: StoreUnderTest, fault: Fault<S> = () => ({})): GatheredTest[] {
  return gatherTests((runner) => describeStoreContract('Planted', planted(under, fault), { ...runner, expect }));
}

/** What a test fails with, `null` when it passes; of values drawn at random, with what the last of them failed. */
async function failureOf({ run }: GatheredTest): Promise<unknown> {
  try {
    await run();
    return null;
  } catch (error) {
    return (error as Error).cause ?? error;
  }
}

async function expectFound<S extends Store>(under: StoreUnderTest, { fault, foundBy }: Faults<S>[string]): Promise<void> {
  const named = (tests: readonly GatheredTest[]): GatheredTest => tests.find(({ title }) => title === `Planted ${foundBy}`)!;

  expect(await failureOf(named(contractOf(under)))).toBeNull();
  // An expectation that does not hold, and no accident on the way to it.
  expect(await failureOf(named(contractOf(under, fault)))).toHaveProperty('matcherResult');
}

let folder = '';
let files = 0;
const paths = new WeakMap<Store, string>();

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'taskloom-contract-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function openAt(path: string): Promise<Store> {
  const store = new SqliteStore({ path, synchronous: 'NORMAL' });
  await store.open();
  paths.set(store, path);
  return store;
}

const onSqlite: StoreUnderTest = {
  open: () => openAt(join(folder, `store-${(files += 1)}.db`)),
  async reopen(store) {
    await store.close();
    return openAt(paths.get(store)!);
  },
  close: (store) => store.close(),
  rowsOf: (store) => rowsOf(paths.get(store)!),
};

describe('the contract of stores', () => {
  it('gives each test a title of its own', () => {
    const titles = contractOf(onSqlite).map(({ title }) => title);

    expect(titles.length).toBeGreaterThan(220);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(Object.entries(FAULTS))('finds a store that %s', (_, fault) => expectFound(onSqlite, fault));
});

const missing = whyNoPostgres();

(missing === null ? describe : describe.skip)('the contract of stores that engines share', () => {
  let server: PostgresServer;
  const onPostgres = postgresUnderTest(() => server);

  beforeAll(async () => void (server = await PostgresServer.start()), 120_000);
  afterAll(() => server.destroy());

  it.each(Object.entries(SHARED_FAULTS))('finds a store that %s', (_, fault) => expectFound(onPostgres, fault), 120_000);

  it('asks for a second one on the same data, and says so where it gets none', async () => {
    const under = { ...onPostgres };
    delete under.openBeside;
    const tests = gatherTests((runner) => describeStoreContract('Planted', under, { ...runner, expect }));
    const one = tests.find(({ title }) => title.endsWith('is written by nobody else meanwhile'))!;

    expect(await failureOf(one)).toMatchObject({ message: expect.stringContaining('`openBeside` has to open the second') });
  }, 120_000);
});
