// npm run sql:snapshot: writes packages/core/src/store/sql.snapshot anew, so that a changed statement is seen in the diff.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const jest = resolve(import.meta.dirname, '../node_modules/jest/bin/jest.js');
const { status } = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', jest, 'test/store/sql-snapshot.test.ts'],
  { cwd: resolve(import.meta.dirname, '../packages/core'), stdio: 'inherit', env: { ...process.env, TASKLOOM_WRITE_SQL: '1' } },
);
process.exit(status ?? 1);
