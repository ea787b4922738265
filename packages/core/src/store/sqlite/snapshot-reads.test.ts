import { beforeEach, describe, expect, it } from '@jest/globals';

import { row, type Operation } from '../sql/operation.js';
import { statement } from '../sql/statement.js';
import { SnapshotReads } from './snapshot-reads.js';
import { loadSqliteDriver, type SqliteHandle } from './sqlite-driver.js';

const one = statement('one', 'SELECT 1 AS value');

function* reads(): Operation<number> {
  return (yield* row<{ value: number }>(one))!.value;
}

function* failsAfterReading(): Operation<never> {
  yield* reads();
  throw new Error('in the middle');
}

describe('reads of one moment', () => {
  let database: SqliteHandle;
  let snapshots: SnapshotReads;

  beforeEach(async () => {
    database = new (await loadSqliteDriver())(':memory:');
    snapshots = new SnapshotReads(database);
  });

  it('come one after another, and each that fails says why and ends its transaction', async () => {
    const failed = snapshots.read(failsAfterReading);
    const next = snapshots.read(reads);

    await expect(failed).rejects.toThrow('in the middle');
    expect(await next).toBe(1);
  });

  it('tell what went wrong also where SQLite has ended the transaction by itself', async () => {
    function* endsByItself(): Operation<never> {
      yield* reads();
      database.exec('ROLLBACK');
      throw new Error('disk I/O error');
    }

    await expect(snapshots.read(endsByItself)).rejects.toThrow('disk I/O error');
    expect(await snapshots.read(reads)).toBe(1);
  });
});
