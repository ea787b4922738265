import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ask, fetchJson } from './ask.mjs';
import { OutsideApp } from './outside-app.mjs';
import { readDocs } from './read-docs.mjs';
import { startServer } from './server.mjs';

/**
 * Does what somebody does who adds Taskloom to a NestJS application that has nothing to do with this repository.
 *
 * @param {string} folder an empty folder outside of any workspace
 * @param {object} how
 * @param {'registry' | 'linked'} how.install whether dependencies are installed, or linked from this repository
 * @param {{ name: string, folder: string, archive: string }[]} how.packed
 * @param {string | null} how.browser a browser that looks at the documentation, if there is one
 * @param {(label: string, act: () => Promise<unknown>) => Promise<unknown>} how.step tells of each act
 * @returns {Promise<string[]>} the pictures that the browser took
 */
export async function tryOutsideApp(folder, { install, packed, browser, step }) {
  const app = new OutsideApp(join(folder, 'corner-shop'), install);
  // Its own GraphQL schema, which has the typed mutations, it serves with Apollo.
  await step(app.isLinked ? 'Link the packages' : 'Install the packages', async () =>
    app.install(packed, ['@nestjs/apollo', '@as-integrations/express5']),
  );
  await step('taskloom init', async () => {
    const said = await app.taskloom('init', ...(app.isLinked ? ['--no-install'] : []));
    match(said, /welcome → \{"greetings":\["Hello, Ada!","Hello, Alan!"\]\}/);
  });
  await step('taskloom generate', async () => {
    app.take('shop');
    app.edit(
      'src/app.module.ts',
      'import { WelcomeModule }',
      "import { ShopModule } from './shop/shop.module.js';\nimport { WelcomeModule }",
    );
    app.edit('src/app.module.ts', '[WelcomeModule]', '[ShopModule, WelcomeModule]');
    // Nothing of what is imported here exists before it is generated.
    app.edit('src/taskloom/welcome.module.ts', '[Greet, Welcome]', '[Greet, Welcome, ...WORKFLOW_RESOLVERS]');
    app.edit(
      'src/taskloom/welcome.module.ts',
      'import { manifest }',
      "import { WORKFLOW_RESOLVERS } from '../generated/graphql/workflows.resolvers.js';\nimport { manifest }",
    );
    match(await app.taskloom('generate'), /4 agents and 2 workflows: \d+ files written/);
    await app.taskloom('generate', '--check');
    deepStrictEqual([...readdirSync(join(app.folder, 'src/generated'))].sort(), [
      'client',
      'docs',
      'graphql',
      'mcp',
      'schemas',
      'taskloom.generated.ts',
    ]);
  });
  await step('taskloom list and taskloom doctor', async () => {
    match(await app.taskloom('list'), /agent +check-stock +src\/shop\/check-stock\.agent\.ts:\d+/);
    await app.taskloom('doctor');
  });
  await step('Build', () => app.build());

  const server = await step('Start the application', () => startServer(app.folder));
  try {
    await step('A job through the generated client', async () => {
      const said = await app.must(process.execPath, '--no-warnings', 'dist/order-by-client.js', `${server.url}/graphql`);
      deepStrictEqual(JSON.parse(said), {
        cents: 2_295,
        approved: true,
        by: 'person',
        byArticle: { 'TE-1': 1_350, 'MU-7': 1_200 },
        until: '2026-03-01T00:00:00.000Z',
        questions: ['May Ada order for 22.95?'],
        last: 'JOB_COMPLETED',
        found: true,
        elsewhere: null,
      });
    });
    await step('A job through its typed GraphQL mutation', () => orderByMutation(`${server.url}/shop/graphql`));
  } finally {
    await server.stop();
  }
  if (browser === null) return [];
  return step('Read the documentation in a browser', () =>
    readDocs(browser, join(app.folder, 'src/generated/docs/index.html'), join(folder, 'pictures'), DOCS),
  );
}

const DOCS = {
  names: ['fulfil-order', 'welcome', 'approve', 'check-stock', 'greet', 'price-order'],
  searches: [
    { words: 'back-order', names: ['fulfil-order', 'check-stock'] },
    { words: 'greets ADA', names: ['welcome'] },
    { words: 'nothing of this', names: [] },
  ],
};
const START = `mutation ($input: FulfilOrderInput!) { startFulfilOrder(input: $input, idempotencyKey: "order-2") { id status } }`;
const READ = `query ($id: ID!) { fulfilOrderJob(id: $id) { status success progress output { cents approved by byArticle } } }`;

/** Small enough to be approved by a rule. */
async function orderByMutation(url) {
  const input = { customer: 'Alan', lines: [{ article: 'TE-1', quantity: 1 }], orderedAt: '2026-01-31T09:30:00Z', coupons: null };
  const { startFulfilOrder: started } = await ask(url, START, { input });
  for (;;) {
    const { fulfilOrderJob: job } = await ask(url, READ, { id: started.id });
    if (job.status === 'RUNNING') continue;
    deepStrictEqual(job, {
      status: 'COMPLETED',
      success: true,
      progress: 100,
      output: { cents: 450, approved: true, by: 'rule', byArticle: { 'TE-1': 450 } },
    });
    break;
  }
  const refused = await fetchJson(url, START, { input: { ...input, lines: [{ article: 'tea', quantity: 0 }] } });
  strictEqual(refused.errors?.[0]?.extensions?.code, 'INPUT_SCHEMA');
}
