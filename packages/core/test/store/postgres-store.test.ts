import { afterAll, beforeAll } from '@jest/globals';

import { PostgresServer } from '../helpers/postgres-server.js';
import { postgresUnderTest } from '../helpers/postgres-stores.js';
import { describeKeyValueStore } from './key-value-contract.js';
import { describeStore } from './store-contract.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
}, 60_000);
afterAll(() => server.destroy(), 30_000);

describeStore(
  'PostgreSQL',
  postgresUnderTest(() => server),
);
describeKeyValueStore(
  'PostgreSQL',
  postgresUnderTest(() => server),
);
