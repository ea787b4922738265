import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Store } from '../../src/store.js';
import { describeStoreContract } from '../../src/store-contract.js';
import { SqliteStore } from '../../src/store/sqlite-store.js';
import { gatherTests, type GatheredTest } from '../helpers/gather-tests.js';
import { rowsOf } from '../helpers/sqlite-rows.js';

/** What a store does instead of what it should; what is left out is right. */
type Fault = (store: Store) => Partial<Store>;

/** Mistakes that the author of a store makes easily, each with the test of the suite that must find it. */
const FAULTS: { readonly [mistake: string]: { readonly fault: Fault; readonly foundBy: string } } = {
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

let folder = '';
let files = 0;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'taskloom-contract-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The suite on the SQLite store with a fault, or without. */
function contractOf(fault: Fault = () => ({})): GatheredTest[] {
  const paths = new WeakMap<Store, string>();
  const openAt = async (path: string): Promise<Store> => {
    const whole = new SqliteStore({ path, synchronous: 'NORMAL' });
    await whole.open();
    const store = changed<Store>(whole, fault(whole));
    paths.set(store, path);
    return store;
  };
  return gatherTests((runner) =>
    describeStoreContract(
      'Planted',
      {
        open: () => openAt(join(folder, `store-${(files += 1)}.db`)),
        async reopen(store) {
          await store.close();
          return openAt(paths.get(store)!);
        },
        close: (store) => store.close(),
        rowsOf: (store) => rowsOf(paths.get(store)!),
      },
      { ...runner, expect },
    ),
  );
}

/** What a test fails with, `null` when it passes. */
async function failureOf({ run }: GatheredTest): Promise<unknown> {
  try {
    await run();
    return null;
  } catch (error) {
    return error;
  }
}

describe('the contract of stores', () => {
  it('gives each test a title of its own', () => {
    const titles = contractOf().map(({ title }) => title);

    expect(titles.length).toBeGreaterThan(180);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(Object.entries(FAULTS))('finds a store that %s', async (_, { fault, foundBy }) => {
    const named = (tests: readonly GatheredTest[]): GatheredTest => tests.find(({ title }) => title === `Planted ${foundBy}`)!;

    expect(await failureOf(named(contractOf()))).toBeNull();
    // An expectation that does not hold, and no accident on the way to it.
    expect(await failureOf(named(contractOf(fault)))).toHaveProperty('matcherResult');
  });
});
