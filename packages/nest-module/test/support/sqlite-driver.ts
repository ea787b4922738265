import { createRequire } from 'node:module';

const require = createRequire(createRequire(import.meta.url).resolve('@taskloom/core/package.json'));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** The part of better-sqlite3 that tests use. */
export interface SqliteDriver {
  new (path: string): { prepare(sql: string): { all(): unknown[] }; close(): void };
}

/** The driver that the engine uses on this Node. */
export const sqliteDriver = require(major > 22 || (major === 22 && minor >= 14) ? 'better-sqlite3-napi' : 'better-sqlite3') as SqliteDriver;
