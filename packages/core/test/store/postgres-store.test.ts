import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';

import { isTaskloomError, type TaskloomError } from '../../src/errors/taskloom-error.js';
import { MIGRATIONS } from '../../src/store/migrations/index.js';
import { loadPostgresDriver } from '../../src/store/postgres/postgres-driver.js';
import type { PostgresStore } from '../../src/store/postgres-store.js';
import type { JobNews, JobWrite, Store } from '../../src/ports/store.js';
import { Child } from '../helpers/child.js';
import { PostgresServer, whyNoPostgres } from '../helpers/postgres-server.js';
import {
  administer,
  auditSchema,
  newSchema,
  postgresOptions,
  postgresStore,
  postgresUnderTest,
  type PostgresTestOptions,
} from '../helpers/postgres-stores.js';
import { TcpProxy } from '../helpers/tcp-proxy.js';
import { plainSpec, specsOf } from '../../src/testing/machine/specs.js';
import { describeStoreContract } from '../../src/store-contract.js';
import { creationOf, jobSpec, StoredJob } from '../../src/testing/store-contract/stored-job.js';

const missing = whyNoPostgres();
if (missing !== null) {
  // eslint-disable-next-line no-console
  console.warn(`The tests of the PostgreSQL store are left out: ${missing}.`);
}

// Connections take their time on a busy machine.
jest.setTimeout(120_000);

(missing === null ? describe : describe.skip)('with a server', () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  const open: Store[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start();
    proxy = await TcpProxy.start(server.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.destroy();
  });
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });

  describeStoreContract(
    'PostgreSQL',
    postgresUnderTest(() => server),
    { describe, it, beforeEach, afterEach, expect },
  );

  const openStore = async (options: PostgresTestOptions = {}): Promise<PostgresStore> => {
    const store = postgresStore(server, options);
    await store.open();
    open.push(store);
    return store;
  };
  const throughProxy = (): string => server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
  const codeOf = async (promise: Promise<unknown>): Promise<string | null> => {
    try {
      await promise;
      return null;
    } catch (error) {
      return isTaskloomError(error) ? error.code : String(error);
    }
  };
  /** The sessions of all stores of this test. */
  const sessions = (): Promise<{ pid: number }[]> =>
    administer(server, `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'taskloom %'`);

  /** Tries again as long as the store says that it is not there for the moment; anything else is a defect. */
  const patiently = async <T>(act: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      }
    }
  };
  const patient = (store: Store): Store =>
    Object.create(store, { commit: { value: (writes: readonly JobWrite[]) => patiently(() => store.commit(writes)) } }) as Store;

  describe('two stores on one schema', () => {
    it('race to go on with the same jobs, and each acknowledged commit stands once', async () => {
      const schema = newSchema();
      const stores = [await openStore({ schema }), await openStore({ schema })];
      const ids = ['one', 'two', 'three'];
      for (const id of ids) await StoredJob.create(stores[0]!, specsOf([{ key: 'a' }]), jobSpec(id));
      const written = new Map(ids.map((id) => [id, 0]));
      let conflicts = 0;

      /** Decides on what it has read, as a ledger does, and begins anew where somebody was faster. */
      const work = async (store: Store, commits: number): Promise<void> => {
        for (let done = 0; done < commits;) {
          const chosen = [...ids].sort(() => Math.random() - 0.5).slice(0, 2);
          const writes = await Promise.all(
            chosen.map(async (jobId) => {
              const { row } = (await store.loadJob(jobId))!;
              const event = { type: 'TASK_PROGRESSED', at: 2_000, actor: 'agent', task: 1, percent: 1, message: null } as const;
              const token = `${jobId}.${row.lastSeq}.${Math.random()}`;
              return { jobId, expectedSeq: row.lastSeq, token, row: { ...row, lastSeq: row.lastSeq + 1 }, events: [event], tasks: [] };
            }),
          );
          try {
            await store.commit(writes);
            done += 1;
            for (const jobId of chosen) written.set(jobId, written.get(jobId)! + 1);
          } catch (error) {
            expect(error).toMatchObject({ code: 'STORE_CONFLICT' });
            conflicts += 1;
          }
        }
      };
      await Promise.all(Array.from({ length: 6 }, (_, no) => work(stores[no % 2]!, 20)));

      for (const id of ids) {
        const { events } = (await stores[1]!.history(id))!;
        const { seqs } = (
          await administer<{ seqs: number[] }>(
            server,
            `SELECT array_agg(e.seq ORDER BY e.seq) AS seqs FROM ${schema}.taskloom_event e JOIN ${schema}.taskloom_job j ON j.no = e.job_no WHERE j.id = $1`,
            [id],
          )
        )[0]!;

        expect(events).toHaveLength(2 + written.get(id)!);
        expect(seqs).toEqual(events.map((_, index) => index + 1));
        expect((await stores[0]!.loadJob(id))!.row.lastSeq).toBe(events.length);
      }
      expect([...written.values()].reduce((sum, count) => sum + count, 0)).toBe(6 * 20 * 2);
      // It would prove nothing if they had never met.
      expect(conflicts).toBeGreaterThan(0);
    });

    it('let one of many who take an idempotency key at the same time have it', async () => {
      const schema = newSchema();
      const stores = [await openStore({ schema }), await openStore({ schema })];
      const key = { key: 'order-7', bodyHash: 'h' };
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_, no) => stores[no % 2]!.commit([creationOf(jobSpec(`job-${no}`), [plainSpec(0)], key)])),
      );

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'IdempotencyTakenError', key: 'order-7' });
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      expect(await stores[0]!.idempotency('default', 'order-7')).toEqual({ jobId: `job-${winner}`, bodyHash: 'h' });
      expect(await stores[1]!.reader.countJobs({})).toBe(1);
    });

    it('let one of many who set an entry at the same time win, one that is there and one that is not', async () => {
      const schema = newSchema();
      const stores = [await openStore({ schema }), await openStore({ schema })];
      const at = { tenant: 'default', scope: 'shared/a', key: 'k' };
      let version = 0;
      for (let round = 0; round < 10; round += 1) {
        const expected = version;
        const results = await Promise.all(
          Array.from({ length: 8 }, (_, no) =>
            stores[no % 2]!.entries.compareAndSet(at, expected, { value: String(no), expiresAt: null }, 0),
          ),
        );
        const won = results.filter((result) => result !== null);

        expect(won).toHaveLength(1);
        version = won[0]!;
        expect(await stores[0]!.entries.get(at, 0)).toEqual({
          value: String(results.indexOf(version)),
          version,
          expiresAt: null,
        });
      }
    });

    it('make the tables once when they are opened at the same time', async () => {
      const schema = newSchema();
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ schema })));
      await StoredJob.create(stores[0]!, [plainSpec(0)], jobSpec('job'));

      for (const store of stores) expect((await store.loadJob('job'))!.spec.id).toBe('job');
    });
  });

  it('lets processes that begin at the same time on a schema that is not there make it once (bad input C4)', async () => {
    const options = { ...postgresOptions(server), schema: newSchema() };
    const children = Array.from({ length: 3 }, () => new Child('hold-store').begin(options));
    try {
      await Promise.all(children.map((child) => child.says('open')));
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ exited }) => exited));
    }

    const applied = await administer<{ name: string }>(server, `SELECT name FROM ${options.schema}.taskloom_migrations ORDER BY id`);
    expect(applied.map(({ name }) => name)).toEqual(MIGRATIONS.map((migration) => new migration().name));
    const store = await openStore({ schema: options.schema });
    await StoredJob.create(store, [plainSpec(0)], jobSpec('works'));
    expect((await store.loadJob('works'))!.spec.id).toBe('works');
  });

  describe('what a store hears of others', () => {
    interface Heard {
      readonly news: JobNews[];
      readonly announced: string[];
      /** Resolves when something more has been heard. */
      next(): Promise<void>;
    }
    const followed = async (store: PostgresStore): Promise<Heard> => {
      const news: JobNews[] = [];
      const announced: string[] = [];
      let wake: () => void = () => undefined;
      let more = new Promise<void>((resolve) => (wake = resolve));
      const ring = (): void => {
        wake();
        more = new Promise<void>((resolve) => (wake = resolve));
      };
      await store.follow({
        written: (found) => (news.push(...found), ring()),
        announced: (what) => (announced.push(what), ring()),
        missed: ring,
      });
      return { news, announced, next: () => more };
    };

    it('is every commit of the one that leads and of the others, and nothing of its own or of other schemas', async () => {
      const schema = newSchema();
      const [leader, one, other] = [await openStore({ schema }), await openStore({ schema }), await openStore({ schema })];
      const stranger = await openStore();
      await leader.lead(() => undefined);
      const heard = await Promise.all([leader, one, other, stranger].map(followed));
      const [byLeader, byOne, byOther, byStranger] = heard as [Heard, Heard, Heard, Heard];
      const job = await StoredJob.create(leader, specsOf([{ key: 'a' }]), jobSpec('of-the-leader'));
      await StoredJob.create(one, specsOf([{ key: 'a' }]), jobSpec('of-one'));
      await job.do((play) => play.claim('a'));
      await one.announce('schedules');
      const isComplete = (): boolean => byOther.news.length === 3 && byOther.announced.length === 1 && byLeader.announced.length === 1;
      while (!isComplete()) await Promise.race([byOther.next(), byLeader.next()]);

      expect(byOther.news).toEqual([
        { jobId: 'of-the-leader', lastSeq: 2, ended: false },
        { jobId: 'of-one', lastSeq: 2, ended: false },
        { jobId: 'of-the-leader', lastSeq: 3, ended: false },
      ]);
      expect(byLeader.news).toEqual([{ jobId: 'of-one', lastSeq: 2, ended: false }]);
      expect(byOne.news.map(({ jobId }) => jobId)).toEqual(['of-the-leader', 'of-the-leader']);
      expect(byOne.announced).toEqual([]);
      expect(byStranger).toMatchObject({ news: [], announced: [] });
    });

    it('is not what did not stand', async () => {
      const schema = newSchema();
      const [one, other] = [await openStore({ schema }), await openStore({ schema })];
      const job = await StoredJob.create(one, specsOf([{ key: 'a' }]), jobSpec('job'));
      const heard = await followed(other);
      job.play.claim('a');
      const stale = { ...job.pending(), expectedSeq: 1 };

      expect(await codeOf(one.commit([stale]))).toBe('STORE_CONFLICT');
      await StoredJob.create(one, specsOf([{ key: 'a' }]), jobSpec('next'));
      while (heard.news.length === 0) await heard.next();
      expect(heard.news.map(({ jobId }) => jobId)).toEqual(['next']);
    });

    it('can be looked for: where jobs stand, and what happened in them, with long inputs and results', async () => {
      const schema = newSchema();
      const [one, other] = [await openStore({ schema }), await openStore({ schema })];
      const long = 'x'.repeat(20_000);
      const specs = specsOf([{ key: 'a' }, { key: 'b' }]).map((spec) =>
        spec.key === 'b' ? { ...spec, input: { value: long, refs: [] } } : spec,
      );
      const job = await StoredJob.create(one, specs, jobSpec('job'));
      await job.do((play) => play.claim('a'));
      const whole = (await one.history('job'))!.events;

      expect(await other.standing([])).toEqual([{ jobId: 'job', lastSeq: whole.length, ended: false }]);
      expect(await other.standing(['job', 'none'])).toHaveLength(1);
      expect(await other.eventsAfter('job', whole.length - 1)).toEqual(whole.slice(-1));
      const [, added] = await other.eventsAfter('job', 0);
      // The history leaves long inputs out; who goes on with the job needs them.
      expect(added).toMatchObject({ type: 'TASKS_ADDED', specs: [{}, {}, { key: 'b', input: { value: long } }] });
      await job.do((play) => play.send({ kind: 'cancel', reason: null, actor: 'engine' }));
      expect(await other.standing([])).toEqual([]);
      expect(await other.standing(['job'])).toEqual([{ jobId: 'job', lastSeq: job.play.state.lastSeq, ended: true }]);
      expect(await codeOf(other.eventsAfter('none', 0))).toBe('NOT_FOUND');
    });
  });

  describe('a job that is held', () => {
    const heldCommit = async (
      store: PostgresStore,
      job: StoredJob,
      seen: number,
      meanwhile: () => Promise<void> = async () => undefined,
    ): Promise<number> => {
      let told = -1;
      const writing = store.commitHeld('job', seen, (since) => {
        told = since.length;
        job.play.claim('a');
        return job.pending();
      });
      await meanwhile();
      await writing;
      return told;
    };

    it('is written by nobody else meanwhile: they are told of a conflict, and who holds it of what came before', async () => {
      const schema = newSchema();
      const [one, other] = [await openStore({ schema }), await openStore({ schema })];
      const job = await StoredJob.create(one, specsOf([{ key: 'a' }]), jobSpec('job'));
      await job.do((play) => play.claim('a'));
      await job.do((play) => play.send({ kind: 'recover' }));
      const { lastSeq } = job.play.state;
      let theirs: Promise<string | null> = Promise.resolve(null);
      let told = -1;
      await other.commitHeld('job', 2, (since) => {
        told = since.length;
        job.play.claim('a');
        const mine = job.pending();
        theirs = codeOf(one.commit([{ ...mine, token: 'theirs' }]));
        return mine;
      });

      expect(told).toBe(lastSeq - 2);
      expect(await theirs).toBe('STORE_CONFLICT');
      expect((await one.loadJob('job'))!.row.lastSeq).toBe(lastSeq + 1);
      await auditSchema(server, schema);
    });

    it('and of which nothing comes is as it was', async () => {
      const store = await openStore();
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      await store.commitHeld('job', 2, () => null);

      expect((await store.loadJob('job'))!.row.lastSeq).toBe(2);
      await job.do((play) => play.claim('a'));
      expect(await codeOf(store.commitHeld('none', 0, () => null))).toBe('NOT_FOUND');
    });

    it('stands, or does not, also where the connection is lost with it', async () => {
      for (const fault of ['lose-reply', 'lose-request'] as const) {
        const schema = newSchema();
        const store = await openStore({ schema, url: throughProxy() });
        const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
        const struck = proxy.arm(fault, fault === 'lose-reply' ? 'COMMIT' : 'taskloom-commit');
        expect(await heldCommit(store, job, 2, () => struck)).toBe(0);

        expect((await store.loadJob('job'))!.row.lastSeq).toBe(3);
        await auditSchema(server, schema);
      }
    });

    it('is decided once, also where nothing comes of it or the decision breaks and the connection is lost with that', async () => {
      const store = await openStore({ url: throughProxy() });
      await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      for (const breaks of [false, true]) {
        const struck = proxy.arm('lose-request', 'ROLLBACK');
        let asked = 0;
        const held = store.commitHeld('job', 2, () => {
          asked += 1;
          if (breaks) throw new Error('broken on purpose');
          return null;
        });
        const outcome = codeOf(held);
        await struck;

        expect([await outcome, asked]).toEqual([breaks ? 'Error: broken on purpose' : null, 1]);
      }
      expect((await store.loadJob('job'))!.row.lastSeq).toBe(2);
    });

    it('is decided again where the connection was lost before anything was', async () => {
      const store = await openStore({ url: throughProxy() });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      const struck = proxy.arm('lose-request', 'taskloom-hold-job');
      expect(await heldCommit(store, job, 1, () => struck)).toBe(1);

      expect((await store.loadJob('job'))!.row.lastSeq).toBe(3);
    });
  });

  describe('a lost connection', () => {
    it('of any session, at any moment, ends nothing: the store goes on with another', async () => {
      const schema = newSchema();
      const store = await openStore({ schema, leaseMs: 1_000 });
      await store.lead(() => expect('taken over').toBe('never'));
      const job = await StoredJob.create(patient(store), specsOf([{ key: 'a' }]), jobSpec('job'));
      let killed = 0;
      for (let round = 0; round < 12; round += 1) {
        const at = { tenant: 'default', scope: 'shared/a', key: `${round}` };
        const work = Promise.all([
          job.do((play) => (round % 2 === 0 ? play.claim('a') : play.send({ kind: 'recover' }))),
          patiently(() => store.loadJob('job')),
          patiently(() => store.outputs('job', [1])),
          patiently(() => store.reader.tasks({ jobId: 'job' }, { first: 10 })),
          patiently(() => store.entries.put(at, { value: '1', expiresAt: null }, 0)),
        ]);
        for (const { pid } of await sessions()) {
          await administer(server, 'SELECT pg_terminate_backend($1)', [pid]);
          killed += 1;
        }
        await work;

        expect(await store.entries.get(at, 0)).toMatchObject({ value: '1' });
      }

      expect((await store.loadJob('job'))!.row.lastSeq).toBe(job.play.state.lastSeq);
      expect(killed).toBeGreaterThan(20);
      await auditSchema(server, schema);
    });

    it('with the reply to a commit: it stands, and that is what is said', async () => {
      const schema = newSchema();
      const store = await openStore({ schema, url: throughProxy() });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }, { key: 'b' }]), jobSpec('job'));
      for (let round = 0; round < 10; round += 1) {
        const struck = proxy.arm('lose-reply', 'taskloom-commit');
        await job.do((play) => (round % 2 === 0 ? play.claim('a') : play.send({ kind: 'recover' })));
        await struck;
      }
      const struck = proxy.arm('lose-reply', 'taskloom-commit');
      await StoredJob.create(store, [plainSpec(0)], jobSpec('new'), { key: 'k', bodyHash: 'h' });
      await struck;

      expect((await store.loadJob('job'))!.row.lastSeq).toBe(job.play.state.lastSeq);
      expect(await store.reader.countJobs({})).toBe(2);
      expect(await store.idempotency('default', 'k')).toEqual({ jobId: 'new', bodyHash: 'h' });
      await auditSchema(server, schema);
    });

    it('with the reply to the COMMIT of a long one: the same', async () => {
      const store = await openStore({ url: throughProxy() });
      const struck = proxy.arm('lose-reply', 'COMMIT');
      const made = creationOf(
        jobSpec('long'),
        Array.from({ length: 7_000 }, (_, no) => plainSpec(no)),
      );
      await store.commit([made]);
      await struck;

      expect((await store.loadJob('long'))!.tasks).toHaveLength(7_000);
    });

    it('before a commit has reached the server: it is sent again', async () => {
      const store = await openStore({ url: throughProxy() });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      const struck = proxy.arm('lose-request', 'taskloom-commit');
      await job.do((play) => play.claim('a'));
      await struck;

      expect((await store.loadJob('job'))!.row.lastSeq).toBe(job.play.state.lastSeq);
    });

    it('while a commit is on its way: it cannot arrive after it was given up', async () => {
      const schema = newSchema();
      const store = await openStore({ schema, url: throughProxy() });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      const struck = proxy.arm('delay-request', 'taskloom-commit');
      const committed = job.do((play) => play.claim('a'));
      await struck;
      await committed;
      const { row } = (await store.loadJob('job'))!;
      proxy.deliver();
      await job.do((play) => play.complete('a'));

      expect(row.lastSeq).toBe(3);
      expect((await store.loadJob('job'))!.row.lastSeq).toBe(job.play.state.lastSeq);
      await auditSchema(server, schema);
    });

    it('with the reply to a commit on which somebody else has gone on since is a conflict: look again', async () => {
      const schema = newSchema();
      const [store, other] = [await openStore({ schema, url: throughProxy() }), await openStore({ schema })];
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      job.play.claim('a');
      const mine = job.pending();
      // Both were decided on the same event. The other one arrives while nobody knows what became of the first.
      const theirs = { ...mine, token: 'theirs' };
      const struck = proxy.arm('lose-request', 'taskloom-commit');
      const admit = proxy.holdNewcomers();
      const outcome = codeOf(store.commit([mine]));
      await struck;
      await other.commit([theirs]);
      admit();

      expect(await outcome).toBe('STORE_CONFLICT');
      expect((await other.loadJob('job'))!.row.lastSeq).toBe(3);
    });

    it('that is only noticed because the server is silent is given up after the time for a statement', async () => {
      const store = await openStore({ url: throughProxy(), statementTimeoutMs: 1_000 });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      const struck = proxy.arm('swallow-reply', 'taskloom-commit');
      await job.do((play) => play.claim('a'));
      await struck;

      expect((await store.loadJob('job'))!.row.lastSeq).toBe(job.play.state.lastSeq);
    });
  });

  describe('a server', () => {
    it('that crashes and comes back has kept what was acknowledged, and the store goes on', async () => {
      const schema = newSchema();
      const store = await openStore({ schema, leaseMs: 1_000 });
      await store.lead(() => expect('taken over').toBe('never'));
      const job = await StoredJob.create(patient(store), specsOf([{ key: 'a' }]), jobSpec('job'));
      for (let round = 0; round < 3; round += 1) {
        await server.stop('immediate');
        const early = await codeOf(store.loadJob('job'));
        const committed = job.do((play) => (round % 2 === 0 ? play.claim('a') : play.send({ kind: 'recover' })));
        await server.begin();
        await committed;

        expect(early).toBe('STORE_UNAVAILABLE');
        expect((await patiently(() => store.loadJob('job')))!.row.lastSeq).toBe(job.play.state.lastSeq);
      }
      await auditSchema(server, schema);
    });

    it('that is not there refuses, with neither the password nor the user in the message', async () => {
      const store = postgresStore(server, { url: 'postgres://somebody:hunter2@127.0.0.1:1/none' });
      const error = await store.open().then(
        () => null,
        (thrown: unknown) => thrown as Error,
      );

      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(String(error?.message)).not.toMatch(/hunter2|somebody/);
    });

    it('that only reads refuses to write, and that is no defect', async () => {
      const schema = newSchema();
      const store = await openStore({ schema });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      await administer(server, 'ALTER SYSTEM SET default_transaction_read_only = on');
      await administer(server, 'SELECT pg_reload_conf()');
      try {
        job.play.claim('a');
        const code = await until(
          () => codeOf(store.commit([job.pending()])),
          (found) => found !== null && found !== 'STORE_CONFLICT',
        );

        expect(code).toBe('STORE_UNAVAILABLE');
        expect(await store.reader.countJobs({})).toBe(1);
      } finally {
        await administer(server, 'BEGIN READ WRITE; COMMIT');
        await administer(server, 'ALTER SYSTEM RESET default_transaction_read_only');
        await administer(server, 'SELECT pg_reload_conf()');
      }
    });

    const until = async <T>(ask: () => Promise<T>, isEnough: (found: T) => boolean): Promise<T> => {
      for (;;) {
        const found = await ask();
        if (isEnough(found)) return found;
      }
    };

    it('on which somebody holds a lock makes a commit wait, as long as a statement may take', async () => {
      const schema = newSchema();
      const store = await openStore({ schema, statementTimeoutMs: 1_000 });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      const holder = new Client({ connectionString: server.url });
      await holder.connect();
      await holder.query(`BEGIN; SELECT 1 FROM ${schema}.taskloom_job FOR UPDATE`);
      job.play.claim('a');
      const write = job.pending();

      expect(await codeOf(store.commit([write]))).toBe('STORE_UNAVAILABLE');
      const waiting = store.commit([write]);
      await holder.query('COMMIT');
      await waiting;
      await holder.end();
      expect((await store.loadJob('job'))!.row.lastSeq).toBe(3);
    });
  });

  describe('a lease', () => {
    it('is refused to a second store, until it is given back', async () => {
      const schema = newSchema();
      const [first, second] = [await openStore({ schema }), await openStore({ schema })];
      await first.lead(() => undefined);

      await expect(second.lead(() => undefined)).rejects.toMatchObject({
        code: 'STORE_IN_USE',
        details: { holder: expect.stringMatching(/:\d+$/) },
      });
      await first.close();
      await second.lead(() => undefined);
    });

    it('that has run out by the database’s clock is taken over, and what the first one writes then does not stand', async () => {
      const schema = newSchema();
      const [first, second] = [await openStore({ schema, leaseMs: 2_000 }), await openStore({ schema })];
      const lost = new Promise<TaskloomError>((resolve) => void first.lead(resolve));
      const job = await StoredJob.create(first, specsOf([{ key: 'a' }]), jobSpec('job'));
      await administer(server, `UPDATE ${schema}.taskloom_node SET expires_at = 0`);
      await second.lead(() => undefined);
      job.play.claim('a');
      const write = job.pending();

      expect(await codeOf(first.commit([write]))).toBe('ENGINE_SUPERSEDED');
      expect(await codeOf(first.commit([creationOf(jobSpec('other'), [plainSpec(0)])]))).toBe('ENGINE_SUPERSEDED');
      expect(await first.reader.countJobs({})).toBe(1);
      await second.commit([write]);
      expect(await lost).toMatchObject({ code: 'ENGINE_SUPERSEDED' });
    });

    it('is renewed, so that it does not run out while the engine lives', async () => {
      const schema = newSchema();
      const [first, second] = [await openStore({ schema, leaseMs: 1_000 }), await openStore({ schema })];
      await first.lead(() => expect('taken over').toBe('never'));
      const leftMs = async (): Promise<number> =>
        (
          await administer<{ left: string }>(
            server,
            `SELECT expires_at - extract(epoch FROM clock_timestamp()) * 1000 AS left FROM ${schema}.taskloom_node`,
          )
        ).map(({ left }) => Number(left))[0]!;
      const before = (await administer<{ expires_at: string }>(server, `SELECT expires_at FROM ${schema}.taskloom_node`))[0]!.expires_at;
      let renewals = 0;
      for (let last = before; renewals < 3;) {
        const now = (await administer<{ expires_at: string }>(server, `SELECT expires_at FROM ${schema}.taskloom_node`))[0]!.expires_at;
        if (now !== last) renewals += 1;
        last = now;
      }

      expect(await leftMs()).toBeGreaterThan(0);
      expect(await codeOf(second.lead(() => undefined))).toBe('STORE_IN_USE');
    });

    it('whose session is gone, as after the death of the process, is free at once', async () => {
      const schema = newSchema();
      const [first, second] = [await openStore({ schema }), await openStore({ schema })];
      await first.lead(() => undefined);
      await administer(server, `SELECT pg_terminate_backend(backend, 10000) FROM ${schema}.taskloom_node`);
      await second.lead(() => undefined);

      expect(await codeOf(first.commit([creationOf(jobSpec('job'), [plainSpec(0)])]))).toBe('ENGINE_SUPERSEDED');
    });
  });

  describe('a schema', () => {
    it('is made when it is absent, and nothing is made outside of it', async () => {
      const schema = newSchema();
      const before = await administer(server, `SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'`);
      await openStore({ schema });
      const tables = await administer<{ tablename: string }>(server, 'SELECT tablename FROM pg_tables WHERE schemaname = $1', [schema]);

      expect(tables.map(({ tablename }) => tablename).sort()).toEqual([
        'taskloom_engine',
        'taskloom_event',
        'taskloom_expired_job',
        'taskloom_human_request',
        'taskloom_idempotency',
        'taskloom_job',
        'taskloom_job_spec',
        'taskloom_key_value',
        'taskloom_migrations',
        'taskloom_node',
        'taskloom_payload',
        'taskloom_step',
        'taskloom_task',
        'taskloom_task_cost',
        'taskloom_task_spec',
      ]);
      expect(await administer(server, `SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual(before);
    });

    it('of an older version gets what it lacks, and keeps what it has (bad input C4)', async () => {
      const schema = newSchema();
      const before = await openStore({ schema });
      await StoredJob.create(before, specsOf([{ key: 'a' }]), jobSpec('kept'));
      await before.close();
      for (const table of ['task_spec', 'human_request'])
        await administer(server, `ALTER TABLE ${schema}.taskloom_${table} DROP COLUMN assignee`);
      await administer(server, `DROP TABLE ${schema}.taskloom_task_cost, ${schema}.taskloom_engine`);
      await administer(server, `ALTER TABLE ${schema}.taskloom_event DROP COLUMN engine`);
      await administer(server, `ALTER TABLE ${schema}.taskloom_job DROP COLUMN work_done, DROP COLUMN work_total`);
      await administer(server, `DELETE FROM ${schema}.taskloom_migrations WHERE substr(name, 1, 4) IN ('Assi', 'Task', 'Work', 'Engi')`);
      const store = await openStore({ schema });

      expect((await store.loadJob('kept'))!.tasks[0]!.spec.assignee).toBeNull();
      expect((await store.reader.tasks({ assignee: 'anna' }, { first: 1 })).items).toEqual([]);
      expect((await store.reader.humanRequests({ assignee: 'anna' }, { first: 1 })).items).toEqual([]);
      expect(await store.reader.jobCosts(['kept'])).toEqual([{}]);
      expect((await store.loadJob('kept'))!.row.work).toBeNull();
      expect(await store.reader.openWork()).toEqual({ jobs: 1, done: 0, total: 1 });
      // What was written before has no engine, whoever opens it now.
      await store.sign({ id: 'e', name: 'newer' }, 1);
      const events = await store.reader.events('kept', 0, 100);
      expect(events.map(({ type, engine }) => [type, engine])).toEqual([
        ['JOB_SUBMITTED', null],
        ['TASKS_ADDED', null],
      ]);
    });

    it('of a newer version is refused untouched, and named (bad input C4)', async () => {
      const schema = newSchema();
      await (await openStore({ schema })).close();
      await administer(server, `INSERT INTO ${schema}.taskloom_migrations (timestamp, name) VALUES (1, 'FromTheFuture1999999999999')`);

      await expect(postgresStore(server, { schema }).open()).rejects.toMatchObject({
        code: 'SCHEMA_NEWER',
        details: { unknown: ['FromTheFuture1999999999999'] },
      });
    });

    it('in a database that cannot keep every text is refused', async () => {
      await administer(
        server,
        `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER 'libc' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      );
      const store = postgresStore(server, { url: server.url.replace('/postgres', '/latin') });

      await expect(store.open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', details: { encoding: 'LATIN1' } });
    });
  });

  it('loads a large job by a plan that was made while jobs were small', async () => {
    const schema = newSchema();
    const store = await openStore({ schema });
    for (let job = 0; job < 20; job += 1) await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec(`small-${job}`));
    for (const table of ['task', 'task_spec']) await administer(server, `ANALYZE ${schema}.taskloom_${table}`);
    for (let job = 0; job < 20; job += 1) await store.loadJob(`small-${job}`);
    const tasks = Array.from({ length: 20_000 }, (_, no) => plainSpec(no));
    await store.commit([creationOf(jobSpec('large'), tasks)]);

    expect((await store.loadJob('large'))!.tasks).toHaveLength(20_000);
  });

  describe('the connections', () => {
    it('are the store’s own, no more than allowed, and gone when it is closed', async () => {
      const schema = newSchema();
      const store = await openStore({ schema, connections: 4 });
      await store.lead(() => undefined);
      await store.follow({ written: () => undefined, announced: () => undefined, missed: () => undefined });
      const job = await StoredJob.create(store, specsOf([{ key: 'a' }]), jobSpec('job'));
      const [most] = await Promise.all([
        mostSessions(async () => {
          for (let round = 0; round < 5; round += 1) {
            await Promise.all([
              ...Array.from({ length: 20 }, () => store.loadJob('job')),
              ...Array.from({ length: 20 }, () => store.reader.tasks({}, { first: 10 })),
              ...Array.from({ length: 20 }, (_, no) =>
                store.entries.put({ tenant: 't', scope: 's', key: `${no}` }, { value: '1', expiresAt: null }, 0),
              ),
            ]);
          }
        }),
        job.do((play) => play.claim('a')),
      ]);

      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(4);
      await store.close();
      expect(await sessions()).toEqual([]);
    });

    const mostSessions = async (act: () => Promise<void>): Promise<number> => {
      let most = 0;
      const acting = act().then(() => 'over' as const);
      const look = async (): Promise<'more'> => {
        most = Math.max(most, (await sessions()).length);
        return 'more';
      };
      while ((await Promise.race([acting, look()])) === 'more');
      await acting;
      return most;
    };

    it('leave the driver as the application has it', async () => {
      await openStore();
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query<object>('SELECT 1::bigint AS big, current_setting($1) AS path', ['search_path']);
      await client.end();

      expect(rows).toEqual([{ big: '1', path: '"$user", public' }]);
    });

    it('are told who they are for: options of the URL count, too', async () => {
      const url = `${server.url}?application_name=shop&options=${encodeURIComponent('-c work_mem=5MB')}`;
      await openStore({ url });
      const names = await administer<{ application_name: string }>(
        server,
        `SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'shop %'`,
      );

      expect(names).toHaveLength(1);
    });
  });
});

describe('a driver that is not installed', () => {
  it('is named, with the command that installs it', async () => {
    const loading = loadPostgresDriver(() => Promise.reject(new Error("Cannot find package 'pg' imported from x\nmore")));

    await expect(loading).rejects.toMatchObject({
      code: 'DRIVER_MISSING',
      message: expect.stringContaining("Cannot find package 'pg'"),
      remedy: expect.stringContaining('npm install pg'),
    });
  });
});
