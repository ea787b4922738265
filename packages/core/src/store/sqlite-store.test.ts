import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { asNobody } from '../../test/helpers/as-nobody.js';
import { Child } from '../../test/helpers/child.js';
import { rowsOf } from '../../test/helpers/sqlite-rows.js';
import { slowSteps, turnsUntil } from '../../test/helpers/turns.js';
import { isTaskloomError } from '../errors/taskloom-error.js';
import type { Store } from '../ports/store.js';
import { plainSpec, specsOf } from '../testing/machine/specs.js';
import { describeStoreContract, type StoreUnderTest } from '../store-contract.js';
import { creationOf, jobSpec, StoredJob } from '../testing/store-contract/stored-job.js';
import { MIGRATIONS } from './migrations/index.js';
import { loadSqliteDriver, type SqliteDriver } from './sqlite/sqlite-driver.js';
import { SqliteSession } from './sqlite/sqlite-session.js';
import { SqliteStore } from './sqlite-store.js';
import { TABLES } from './tables/table-names.js';

let folder: string;
let files = 0;
let Driver: SqliteDriver;
const paths = new WeakMap<Store, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-store-'));
  Driver = await loadSqliteDriver();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newPath = (): string => join(folder, `store-${(files += 1)}.db`);

async function openAt(path: string): Promise<SqliteStore> {
  const store = new SqliteStore({ path, synchronous: 'NORMAL' });
  await store.open();
  paths.set(store, path);
  return store;
}

const underTest: StoreUnderTest = {
  open: () => openAt(newPath()),
  async reopen(store) {
    await store.close();
    return openAt(paths.get(store)!);
  },
  close: (store) => store.close(),
  rowsOf: (store) => rowsOf(paths.get(store)!),
};

describeStoreContract('SQLite', underTest, { describe, it, beforeEach, afterEach, expect });

describe('what a SQLite store is asked for many times at once', () => {
  it('is read with one statement: the definitions of tasks that start together', async () => {
    const store = await openAt(newPath());
    const specs = specsOf(Array.from({ length: 20 }, (_, no) => ({ key: `t${no}` })));
    const job = await StoredJob.create(store, specs, jobSpec('many'));
    const reads = jest.spyOn(SqliteSession.prototype, 'read');
    const found = await Promise.all(specs.map(({ no }) => store.taskSpec(job.id, no)));
    expect(found.map((spec) => spec!.key)).toEqual(specs.map(({ key }) => key));
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
    await store.close();
  });

  it('fails where one definition cannot be read for that one alone, and for all where the store is closed', async () => {
    const store = await openAt(newPath());
    const job = await StoredJob.create(store, specsOf([{ key: 'a' }, { key: 'b' }, { key: 'c' }]), jobSpec('damaged'));
    const other = new Driver(paths.get(store)!);
    other.exec(`UPDATE ${TABLES.taskSpec} SET details = '{' WHERE no = 2`);
    other.close();
    const ask = () => Promise.allSettled([1, 2, 3].map((no) => store.taskSpec(job.id, no)));
    expect((await ask()).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const asked = ask();
    await store.close();
    for (const answer of await asked) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'ENGINE_STOPPED' } });
  });
});

async function refusalOf(path: string): Promise<string | null> {
  try {
    await (await openAt(path)).close();
    return null;
  } catch (error) {
    return isTaskloomError(error) ? error.code : String(error);
  }
}

describe('what is long', () => {
  const TASKS = 2_000;
  const large = specsOf(Array.from({ length: TASKS }, (_, n) => ({ key: `t${n}` })));
  let store: SqliteStore;

  beforeEach(async () => {
    store = await openAt(newPath());
    slowSteps();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await store.close();
  });

  it('lets the event loop turn while it is written; until all of it stands nobody sees any of it', async () => {
    const seen: (number | null)[] = [];
    const turns = await turnsUntil(store.commit([creationOf(jobSpec('large'), large)]), async () => {
      const job = await store.reader.job('large');
      seen.push(job && (await store.reader.countTasks({ jobId: 'large' })));
    });

    expect(turns).toBeGreaterThan(10);
    expect(new Set(seen.slice(0, -2))).toEqual(new Set([null]));
    expect((await store.loadJob('large'))!.tasks).toHaveLength(large.length);
  });

  it('keeps what is asked for meanwhile waiting, and nothing of it is lost with what fails', async () => {
    const broken = creationOf(jobSpec('broken'), large);
    const first = store.commit([{ ...broken, tasks: failingAfter(1_000, broken.tasks) }]);
    const second = store.commit([creationOf(jobSpec('second'), [plainSpec(0)])]);
    const entry = store.entries.put({ tenant: 'default', scope: 'shared/a', key: 'k' }, { value: '1', expiresAt: null }, 0);

    await expect(first).rejects.toThrow('in the middle');
    await Promise.all([second, entry]);
    expect(await store.loadJob('broken')).toBeNull();
    expect((await store.loadJob('second'))!.tasks).toHaveLength(1);
    expect(await store.entries.get({ tenant: 'default', scope: 'shared/a', key: 'k' }, 0)).toMatchObject({ value: '1' });
  });

  it('is read as it stood at one moment, whatever is written meanwhile', async () => {
    const job = await StoredJob.create(store, large, jobSpec('large'));
    const before = job.play.state.lastSeq;
    const reading = store.loadJob('large');
    // It has begun when the loop has turned a few times.
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await job.do((play) => play.send({ kind: 'cancel', reason: null, actor: 'user' }));
    const read = (await reading)!;

    expect(read.row).toMatchObject({ lastSeq: before, status: 'RUNNING' });
    expect(read.tasks.filter(({ row }) => row.status === 'CANCELLED')).toEqual([]);
    const later = (await store.loadJob('large'))!;
    expect(later.row).toMatchObject({ lastSeq: job.play.state.lastSeq, status: 'CANCELLED' });
    expect(later.tasks.filter(({ row }) => row.status !== 'CANCELLED')).toEqual([]);
  });

  it('is done to its end before the store is closed', async () => {
    const path = paths.get(store)!;
    const writing = store.commit([creationOf(jobSpec('large'), large)]);
    const reading = store.loadJob('large');
    await Promise.all([store.close(), writing, reading]);

    store = await openAt(path);
    expect((await store.loadJob('large'))!.tasks).toHaveLength(large.length);
  });
});

function* failingAfter<T>(count: number, all: Iterable<T>): Generator<T> {
  let given = 0;
  for (const one of all) {
    if ((given += 1) > count) throw new Error('in the middle');
    yield one;
  }
}

describe('a SQLite file', () => {
  const children: Child[] = [];

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.splice(0).map(({ exited }) => exited));
  });

  const hold = (path: string): Child => {
    const child = new Child('hold-store').begin({ path });
    children.push(child);
    return child;
  };

  /** Each migration was applied once, and the file is sound. */
  const expectAllTables = (path: string): void => {
    const database = new Driver(path);
    const applied = database.prepare(`SELECT name FROM ${TABLES.migrations} ORDER BY id`).all() as { name: string }[];
    expect(applied.map(({ name }) => name)).toEqual(MIGRATIONS.map((migration) => new migration().name));
    expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  };

  it('is made with its folder', async () => {
    const path = join(folder, 'new', 'deeper', 'jobs.db');
    await (await openAt(path)).close();

    expect(existsSync(path)).toBe(true);
  });

  it('keeps every committed write: WAL, and a full sync of each commit unless told otherwise', async () => {
    for (const [synchronous, level] of [
      [undefined, 2],
      ['FULL', 2],
      ['NORMAL', 1],
    ] as const) {
      const store = new SqliteStore({ path: newPath(), ...(synchronous ? { synchronous } : undefined) });
      await store.open();
      const { handle } = (store as unknown as { opened: { database: { writer: { handle: { pragma(text: string): unknown } } } } }).opened
        .database.writer;

      expect(handle.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
      expect(handle.pragma('synchronous')).toEqual([{ synchronous: level }]);
      await store.close();
    }
  });

  it('is refused to a second process while the first one lives, and free the moment it is killed', async () => {
    const path = newPath();
    const first = hold(path);
    await first.says('open');
    expect(await refusalOf(path)).toBe('SQLITE_SINGLE_PROCESS');
    expect(await hold(path).says('refused')).toEqual({ say: 'refused', code: 'SQLITE_SINGLE_PROCESS' });

    first.kill('SIGKILL');
    await first.exited;

    expect(await refusalOf(path)).toBeNull();
  }, 30_000);

  it('is refused to a second store of the same process, and the first one goes on', async () => {
    const path = newPath();
    const first = await openAt(path);

    expect(await refusalOf(path)).toBe('SQLITE_SINGLE_PROCESS');
    await StoredJob.create(first, [plainSpec(0)], jobSpec('still-works'));
    await first.close();
    expect(await refusalOf(path)).toBeNull();
  });

  it('can be closed and opened again, and closed twice', async () => {
    const store = await openAt(newPath());
    await StoredJob.create(store, [plainSpec(0)], jobSpec('kept'));
    await store.close();
    await store.close();
    await store.open();

    expect((await store.loadJob('kept'))!.spec.id).toBe('kept');
    await store.close();
  });

  it('that is not open says so', async () => {
    const store = new SqliteStore({ path: newPath() });

    await expect(store.loadJob('x')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await expect(store.commit([])).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
  });

  it('of a newer version is refused untouched, and named (bad input C4)', async () => {
    const path = newPath();
    await (await openAt(path)).close();
    const database = new Driver(path);
    database
      .prepare(`INSERT INTO ${TABLES.migrations} (timestamp, name) VALUES (?, ?)`)
      .run(1_999_999_999_999, 'FromTheFuture1999999999999');
    database.close();

    await expect(openAt(path)).rejects.toMatchObject({ code: 'SCHEMA_NEWER', details: { unknown: ['FromTheFuture1999999999999'] } });
    // And it is not held by the refusal.
    expect(await refusalOf(path)).toBe('SCHEMA_NEWER');
  });

  it('of an older version gets what it lacks, and keeps what it has (bad input C4)', async () => {
    const path = newPath();
    const before = await openAt(path);
    const job = await StoredJob.create(
      before,
      [plainSpec(0), plainSpec(1, { key: 'a' }), plainSpec(2, { key: 'b', weight: 3 })],
      jobSpec('kept'),
    );
    await job.do((play) => play.run('a'));
    await before.close();
    const database = new Driver(path);
    for (const table of [TABLES.taskSpec, TABLES.request]) database.exec(`ALTER TABLE ${table} DROP COLUMN assignee`);
    for (const table of [TABLES.taskCost, TABLES.engine]) database.exec(`DROP TABLE ${table}`);
    database.exec(`ALTER TABLE ${TABLES.event} DROP COLUMN engine`);
    for (const column of ['work_done', 'work_total']) database.exec(`ALTER TABLE ${TABLES.job} DROP COLUMN ${column}`);
    database.exec(`DELETE FROM ${TABLES.migrations} WHERE substr(name, 1, 4) IN ('Assi', 'Task', 'Work', 'Engi')`);
    database.close();
    const store = await openAt(path);

    expect((await store.loadJob('kept'))!.tasks[0]!.spec.assignee).toBeNull();
    expect((await store.reader.tasks({ assignee: 'anna' }, { first: 1 })).items).toEqual([]);
    expect((await store.reader.humanRequests({ assignee: 'anna' }, { first: 1 })).items).toEqual([]);
    expect(await store.reader.jobCosts(['kept'])).toEqual([{}]);
    // By the number of tasks, until the job is written again.
    expect((await store.loadJob('kept'))!.row.work).toBeNull();
    expect((await store.reader.job('kept'))!.progress).toBe(50);
    expect(await store.reader.openWork()).toEqual({ jobs: 1, done: 100, total: 2 });
    // What was written before has no engine, whoever opens it now.
    await store.sign({ id: 'e', name: 'newer' }, 1);
    const events = await store.reader.events('kept', 0, 100);
    expect(events.map(({ engine }) => engine)).toEqual(job.play.events.map(() => null));
    await store.close();
  });

  it('that holds tables of an application lives beside them', async () => {
    const path = newPath();
    const database = new Driver(path);
    database.exec('CREATE TABLE customer (id INTEGER PRIMARY KEY); INSERT INTO customer VALUES (7)');
    database.close();
    await (await openAt(path)).close();
    const again = new Driver(path);

    expect(again.prepare('SELECT id FROM customer').all()).toEqual([{ id: 7 }]);
    expect(
      again.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'taskloom%' AND name NOT LIKE 'sqlite%'`).all(),
    ).toEqual([{ name: 'customer' }]);
    again.close();
  });

  it('is refused where it cannot be: a folder, a file in the way, a place that takes no files (bad input C3)', async () => {
    const directory = join(folder, 'a-folder.db');
    mkdirSync(directory);
    const inTheWay = join(folder, 'a-file');
    writeFileSync(inTheWay, 'x');

    expect(await refusalOf(directory)).toBe('STORE_UNAVAILABLE');
    expect(await refusalOf(join(inTheWay, 'x.db'))).toBe('STORE_UNAVAILABLE');
    expect(await refusalOf('/sys/taskloom/x.db')).toBe('STORE_UNAVAILABLE');
  });

  it('is refused on a disk that other machines share, and not made there (bad input C3)', async () => {
    class OnNfs extends SqliteStore {
      protected override fileSystemTypeOf = (): number => 0x6969;
    }
    const path = newPath();

    await expect(new OnNfs({ path }).open()).rejects.toMatchObject({ code: 'SQLITE_NOT_LOCAL', details: { path, fileSystem: 'NFS' } });
    expect([path, `${path}.lock`].map(existsSync)).toEqual([false, false]);
  });

  it('is refused where this user may write nothing, and where the file may only be read (bad input C3)', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    const readOnly = newPath();
    await (await openAt(readOnly)).close();
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    chmodSync(readOnly, 0o444);

    await asNobody(async () => {
      for (const path of [join(closed, 'jobs.db'), join(closed, 'deeper', 'jobs.db'), readOnly])
        await expect(openAt(path)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(path) });
    });
    chmodSync(closed, 0o755);
    chmodSync(readOnly, 0o644);
    // Nothing is held by the refusal, and nothing is lost.
    await (await openAt(readOnly)).close();
  });

  it('that is new gets its tables from one of two processes that begin at the same time; the other is refused (bad input C4)', async () => {
    const path = newPath();
    const both = [hold(path), hold(path)];
    const said = await Promise.all(both.map((child) => Promise.race([child.says('open'), child.says('refused')])));
    expect(said.map(({ say }) => say).sort()).toEqual(['open', 'refused']);
    expect(said.find(({ say }) => say === 'refused')).toMatchObject({ code: 'SQLITE_SINGLE_PROCESS' });
    for (const child of both) child.kill('SIGKILL');
    await Promise.all(both.map(({ exited }) => exited));

    const store = await openAt(path);
    await StoredJob.create(store, [plainSpec(0)], jobSpec('works'));
    await store.close();
    expectAllTables(path);
  });

  it.each(['.lock', '', '-wal'])(
    'whose process sleeps (SIGSTOP) or is killed while it makes the tables is nobody else’s, and is made by the next one (as jobs.db%s appears)',
    async (ending) => {
      for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
        const path = newPath();
        const maker = new Child('hold-store');
        children.push(maker);
        const watcher = watch(folder);
        const appeared = new Promise<void>((resolve) => {
          watcher.on('change', (_, name) => {
            if (name !== `${basename(path)}${ending}`) return;
            maker.kill(signal);
            resolve();
          });
        });
        maker.begin({ path });
        await appeared;
        watcher.close();
        if (signal === 'SIGSTOP') {
          // It may have been asleep before it had the lock; then the other one has it.
          expect([null, 'SQLITE_SINGLE_PROCESS']).toContain(await refusalOf(path));
          maker.kill('SIGCONT');
          expect((await Promise.race([maker.says('open'), maker.says('refused')]))['say']).toBe('open');
          maker.kill('SIGKILL');
        }
        await maker.exited;
        const store = await openAt(path);
        await StoredJob.create(store, [plainSpec(0)], jobSpec('works'));
        await store.close();
        expectAllTables(path);
      }
    },
  );

  it('for whose tables there is no room is refused, and made by the next start', async () => {
    const path = newPath();
    const cramped = new Child('hold-store', { fileBlocks: 16 }).begin({ path });
    children.push(cramped);
    expect(await cramped.says('refused')).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    cramped.kill('SIGKILL');
    await cramped.exited;

    await (await openAt(path)).close();
    expectAllTables(path);
  });

  it('that is no database is refused, and left as it is', async () => {
    const path = newPath();
    writeFileSync(path, 'this is a letter, not a database; it is long enough to be taken for one '.repeat(20));

    expect(await refusalOf(path)).toBe('STORE_UNAVAILABLE');
    // Nobody holds it after that.
    expect(await refusalOf(path)).toBe('STORE_UNAVAILABLE');
  });

  it('in memory is private, and gone when it is closed', async () => {
    const [one, two] = [new SqliteStore({ path: ':memory:' }), new SqliteStore({ path: ':memory:' })];
    await one.open();
    await two.open();
    const folders = [one, two].map((store) => (store as unknown as { temporaryFolder: string }).temporaryFolder);
    expect(folders.map(existsSync)).toEqual([true, true]);
    await StoredJob.create(one, [plainSpec(0)], jobSpec('only-here'));

    expect(await two.loadJob('only-here')).toBeNull();
    await one.close();
    await two.close();
    expect(folders.map(existsSync)).toEqual([false, false]);
  });

  it('is sound after all that', async () => {
    const path = newPath();
    const store = await openAt(path);
    for (let count = 0; count < 20; count += 1) {
      const job = await StoredJob.create(store, [plainSpec(0), plainSpec(1, { key: 'a' })], jobSpec(`job-${count}`));
      await job.do((play) => play.run('a', 't0'));
    }
    await store.close();
    const database = new Driver(path);

    expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  });
});
