import { inMessage } from '../kernel/in-message.js';
import type { Store } from '../ports/store.js';
import { PostgresStore, type ParsedPostgresOptions, type PostgresStoreOptions } from '../store/postgres-store.js';
import { SqliteStore, type SqliteStoreOptions } from '../store/sqlite-store.js';
import { duration, optionsOf, refuseUnknown, wholeNumber } from './option-checks.js';
import type { Defaults, PresetName } from './presets.js';

export type StoreOptions = SqliteStoreOptions | PostgresStoreOptions;
export type ParsedStoreOptions = SqliteStoreOptions | ParsedPostgresOptions;

const SQLITE_OPTIONS: readonly (keyof SqliteStoreOptions)[] = ['type', 'path', 'synchronous'];
const POSTGRES_OPTIONS: readonly (keyof PostgresStoreOptions)[] = ['type', 'url', 'schema', 'connections', 'lease', 'statementTimeout'];
const LEAST_CONNECTIONS = 4;
const LEAST_MS = 1_000;
/** Lower case, so that it is the same with and without quotes. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

export function isStore(store: unknown): store is Store {
  return typeof store === 'object' && store !== null && 'commit' in store && typeof store.commit === 'function';
}

/** Checks and completes what says where state lives; a store that is given as such is taken as it is. */
export function parseStore(
  given: StoreOptions | Store | undefined,
  defaults: Defaults,
  preset: PresetName | undefined,
  problems: string[],
  name = 'store',
): ParsedStoreOptions | Store {
  if (given === undefined) return parseSqlite(defaults.store, preset, problems, name);
  if (isStore(given)) return given;
  const before = problems.length;
  const options = optionsOf(name, given, problems);
  if (problems.length > before) return defaults.store;
  const { type } = options as { readonly type?: unknown };
  if (type === 'postgres') return parsePostgres(options as PostgresStoreOptions, defaults, problems, name);
  if (type !== undefined && type !== 'sqlite')
    problems.push(`\`${name}.type\` is ${inMessage(type)}; it must be 'sqlite', which is the default, or 'postgres'.`);
  return parseSqlite({ ...defaults.store, ...(options as SqliteStoreOptions) }, preset, problems, name);
}

export function createStore(options: ParsedStoreOptions | Store): Store {
  if (isStore(options)) return options;
  return options.type === 'postgres' ? new PostgresStore(options) : new SqliteStore(options);
}

function parseSqlite(store: SqliteStoreOptions, preset: PresetName | undefined, problems: string[], name: string): SqliteStoreOptions {
  refuseUnknown(store, SQLITE_OPTIONS, `${name}.`, problems);
  if (typeof store.path !== 'string' || store.path === '') problems.push(`\`${name}.path\` must name a file, or be ":memory:".`);
  if (preset === 'production' && store.path === ':memory:')
    problems.push(`\`${name}.path\` is ":memory:", which keeps nothing when the process ends; in production it must name a file.`);
  if (store.synchronous !== undefined && store.synchronous !== 'FULL' && store.synchronous !== 'NORMAL') {
    problems.push(
      `\`${name}.synchronous\` is ${inMessage(store.synchronous)}; it must be FULL, or NORMAL, which may lose the last writes in a power loss.`,
    );
  }
  return store;
}

function parsePostgres(given: PostgresStoreOptions, { postgres }: Defaults, problems: string[], name: string): ParsedPostgresOptions {
  refuseUnknown(given, POSTGRES_OPTIONS, `${name}.`, problems);
  const { type, url } = given;
  const { schema = postgres.schema, connections = postgres.connections } = given;
  // Its text may hold a password, so it is not shown.
  if (typeof url !== 'string' || !/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url))
    problems.push(`\`${name}.url\` must be a URL such as \`postgres://user:password@host:5432/database\`.`);
  if (typeof schema !== 'string' || !SCHEMA.test(schema) || schema.startsWith('pg_'))
    problems.push(
      `\`${name}.schema\` is ${inMessage(schema)}; use up to 63 of the characters a-z 0-9 _, no digit first, and not pg_ at the beginning.`,
    );
  wholeNumber(`${name}.connections`, connections, LEAST_CONNECTIONS, problems);
  const leaseMs = duration(`${name}.lease`, given.lease ?? postgres.leaseMs, LEAST_MS, problems);
  const statementTimeoutMs = duration(
    `${name}.statementTimeout`,
    given.statementTimeout ?? postgres.statementTimeoutMs,
    LEAST_MS,
    problems,
  );
  return { type, url, schema, connections, leaseMs, statementTimeoutMs };
}
