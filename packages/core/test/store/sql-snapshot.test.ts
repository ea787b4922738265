import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { sqlSnapshot } from './sql-snapshot.js';

const FILE = join(import.meta.dirname, '../../src/store/sql.snapshot');

it('the SQL under review is the SQL that runs; else: npm run sql:snapshot', async () => {
  const found = await sqlSnapshot();
  if (process.env['TASKLOOM_WRITE_SQL'] === '1') writeFileSync(FILE, found);

  expect(readFileSync(FILE, 'utf8')).toBe(found);
});
