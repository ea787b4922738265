import { randomBytes } from 'node:crypto';

import type { Client, ClientConfig, CustomTypesConfig, Pool, PoolClient, PoolConfig } from 'pg';

import { decodeText } from './text-codec.js';
import type { PostgresDriver } from './postgres-driver.js';

const CONNECT_MS = 10_000;
/** The server is to speak first; this is for a server that no longer speaks at all. */
const SILENCE_MS = 5_000;

export interface ConnectOptions {
  /** `postgres://user@host:5432/database`, with `?sslmode=` and the like. */
  readonly url: string;
  readonly schema: string;
  readonly statementTimeoutMs: number;
}

/** Settings of a session, by name. */
type Settings = Readonly<Record<string, string>>;

/** For statements that find their rows by key: whatever the planner knows of tables that were empty a moment ago. */
export const BY_KEY: Settings = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** Makes connections that are the store's own, all with the same settings and none that could bring the process down. */
export class Connector {
  /** What the sessions of this store are called at the server; no other sessions are called so. */
  readonly applicationName: string;

  constructor(
    private readonly driver: PostgresDriver,
    private readonly options: ConnectOptions,
  ) {
    const given = new URL(options.url).searchParams.get('application_name') ?? 'taskloom';
    this.applicationName = `${given} ${randomBytes(6).toString('base64url')}`;
  }

  /** A connection that is not open yet. */
  client(settings: Settings = {}): Client {
    const client = new this.driver.Client(this.config(settings));
    client.on('error', ignore);
    return client;
  }

  pool(max: number, settings: Settings): Pool {
    return new (this.poolClass())({ ...this.config(settings), max });
  }

  /** For TypeORM, which makes its pool itself. */
  forTypeOrm(max: number): { readonly driver: object; readonly extra: PoolConfig } {
    return { driver: { Pool: this.poolClass() }, extra: { ...this.config({}), max } };
  }

  private poolClass(): new (config: PoolConfig) => Pool {
    const { Pool: PlainPool } = this.driver;
    return class ListeningPool extends PlainPool {
      constructor(config: PoolConfig) {
        super(config);
        // An `error` that nobody listens to ends the process. Whoever uses a connection hears of its end by the answer.
        this.on('error', ignore);
        this.on('connect', (client: PoolClient) => client.on('error', ignore));
      }
    };
  }

  /** Types as these statements want them; what the application has set for itself is not touched. */
  private readonly types: CustomTypesConfig = {
    getTypeParser: (type) => PARSERS.get(type) ?? this.driver.types.getTypeParser(type),
  };

  private config(settings: Settings): ClientConfig {
    const { schema, statementTimeoutMs } = this.options;
    const all: Settings = {
      search_path: schema,
      default_transaction_isolation: 'read\\ committed',
      statement_timeout: String(statementTimeoutMs),
      idle_in_transaction_session_timeout: String(statementTimeoutMs),
      jit: 'off',
      ...settings,
    };
    const url = new URL(this.options.url);
    const given = url.searchParams.get('options');
    const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
    url.searchParams.set('options', [...(given === null ? [] : [given]), ...options].join(' '));
    url.searchParams.set('application_name', this.applicationName);
    return {
      connectionString: url.toString(),
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: statementTimeoutMs + SILENCE_MS,
      types: this.types,
    };
  }
}

function ignore(): void {
  // See ListeningPool.
}

/** By the number of the type: boolean, the three integers, text, varchar. Whole numbers here are far from where numbers stop being exact. */
const PARSERS: ReadonlyMap<number, (value: string) => unknown> = new Map<number, (value: string) => unknown>([
  [16, (value) => value === 't'],
  [20, Number],
  [21, Number],
  [23, Number],
  [25, decodeText],
  [1_043, decodeText],
]);
