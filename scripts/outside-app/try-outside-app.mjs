import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/run.mjs';
import { linkPackages } from './link-packages.mjs';
import { packPackages } from './pack-packages.mjs';
import { readDocs } from './read-docs.mjs';
import { startServer } from './server.mjs';

const here = import.meta.dirname;

/**
 * Does what somebody does who adds Taskloom to a NestJS application that has nothing to do with this repository.
 *
 * @param {string} folder an empty folder outside of any workspace
 * @param {object} how
 * @param {'registry' | 'linked'} how.install whether dependencies are installed, or linked from this repository
 * @param {string | null} how.browser a browser that looks at the documentation, if there is one
 * @param {(label: string, act: () => Promise<unknown>) => Promise<unknown>} how.step tells of each act
 * @returns {Promise<string[]>} the pictures that the browser took
 */
export async function tryOutsideApp(folder, { install, browser, step }) {
  const app = join(folder, 'corner-shop');
  cpSync(join(here, 'app'), app, { recursive: true });
  const isLinked = install === 'linked';
  const program = (name, ...args) =>
    isLinked
      ? must(app, process.execPath, [join(app, 'node_modules', BINARIES[name]), ...args])
      : must(app, 'npx', ['--no-install', name, ...args]);

  const packed = await step('Pack the packages', () => packPackages(join(folder, 'packed')));
  await step(isLinked ? 'Link the packages' : 'Install the packages', () =>
    isLinked
      ? linkPackages(app, packed)
      : must(app, 'npm', ['install', ...NPM_OPTIONS, ...packed.map(({ archive }) => archive), '@nestjs/apollo']),
  );

  await step('taskloom init', async () => {
    const said = await program('taskloom', 'init', ...(isLinked ? ['--no-install'] : []));
    match(said, /welcome → \{"greetings":\["Hello, Ada!","Hello, Alan!"\]\}/);
  });
  await step('taskloom generate', async () => {
    cpSync(join(here, 'shop'), app, { recursive: true });
    edit(
      app,
      'src/app.module.ts',
      'import { WelcomeModule }',
      "import { ShopModule } from './shop/shop.module.js';\nimport { WelcomeModule }",
    );
    edit(app, 'src/app.module.ts', '[WelcomeModule]', '[ShopModule, WelcomeModule]');
    // Nothing of what is imported here exists before it is generated.
    edit(app, 'src/taskloom/welcome.module.ts', '[Greet, Welcome]', '[Greet, Welcome, ...WORKFLOW_RESOLVERS]');
    edit(
      app,
      'src/taskloom/welcome.module.ts',
      'import { manifest }',
      "import { WORKFLOW_RESOLVERS } from '../generated/graphql/workflows.resolvers.js';\nimport { manifest }",
    );
    match(await program('taskloom', 'generate'), /4 agents and 2 workflows: \d+ files written/);
    await program('taskloom', 'generate', '--check');
    deepStrictEqual(readdirSync(join(app, 'src/generated')).sort(), [
      'client',
      'docs',
      'graphql',
      'mcp',
      'schemas',
      'taskloom.generated.ts',
    ]);
  });
  await step('taskloom doctor', () => program('taskloom', 'doctor'));
  await step('Build', () => (isLinked ? program('tsc', '-p', 'tsconfig.build.json') : must(app, 'npm', ['run', 'build'])));

  const server = await step('Start the application', () => startServer(app));
  try {
    await step('A job through the generated client', async () => {
      const said = await must(app, process.execPath, ['--no-warnings', 'dist/order-by-client.js', `${server.url}/graphql`]);
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
    readDocs(browser, join(app, 'src/generated/docs/index.html'), join(folder, 'pictures'), DOCS),
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
const NPM_OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline'];
const BINARIES = { taskloom: '@taskloom/cli/bin/taskloom.js', tsc: 'typescript/bin/tsc' };

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

async function ask(url, query, variables) {
  const { data, errors } = await fetchJson(url, query, variables);
  if (errors) throw new Error(JSON.stringify(errors, null, 2));
  return data;
}

async function fetchJson(url, query, variables) {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
}

/** Runs a command and gives what it printed. @throws Error with that, when the command fails */
async function must(cwd, command, args) {
  const { ok, output } = await run(command, args, { cwd, shell: process.platform === 'win32' && command !== process.execPath });
  if (!ok) throw new Error(`${command} ${args.join(' ')}\n${output}`);
  return output;
}

/** Changes a file as a person would who knows what stands in it. */
function edit(app, path, before, after) {
  const file = join(app, path);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(before)) throw new Error(`There is no ${before} in ${path}:\n${text}`);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text.replace(before, after));
}
