import { tmpdir } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { useLab } from '../../../test/helpers/lab.js';
import { freeBytes, logLength } from './log-length.js';
import { openWriter } from './open-database.js';
import { loadSqliteDriver } from './sqlite-driver.js';

const lab = useLab();

describe('the write-ahead log', () => {
  it('is long where there is room for it, and short where it could fill the disk', () => {
    expect(logLength(Number.POSITIVE_INFINITY)).toBe(8_000);
    expect(logLength(300 * 2 ** 20)).toBe(8_000);
    expect(logLength(200 * 2 ** 20)).toBe(1_000);
    expect(logLength(0)).toBe(1_000);
  });

  it.each([
    [0, 1_000],
    [2 ** 30, 8_000],
  ])('of a database on a disk with %i bytes of room has %i pages', async (roomBytes, pages) => {
    const { handle, dataSource } = await openWriter(await loadSqliteDriver(), lab.path(), 'NORMAL', roomBytes);
    try {
      expect(handle.pragma('wal_autocheckpoint')).toEqual([{ wal_autocheckpoint: pages }]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('is long where the system does not tell', () => {
    expect(freeBytes(tmpdir())).toBeGreaterThan(0);
    expect(freeBytes('/nowhere/at/all')).toBe(Number.POSITIVE_INFINITY);
  });
});
