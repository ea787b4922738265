import { deepStrictEqual, match } from 'node:assert/strict';
import { join } from 'node:path';
import { ask } from './ask.mjs';
import { OutsideApp } from './outside-app.mjs';
import { startServer } from './server.mjs';

const START = `mutation ($input: JSON!) { startWorkflow(name: "welcome", input: $input) { id } }`;
const READ = `query ($id: ID!) { job(id: $id) { status success output } }`;

/**
 * Adds Taskloom to an application on Fastify: `taskloom init`, a build, and a job over the API.
 *
 * @param {string} folder an empty folder outside of any workspace
 * @param {object} how as for an application on Express
 */
export async function tryOnFastify(folder, { install, packed, step }) {
  const app = new OutsideApp(join(folder, 'fast-shop'), install);
  app.take('fastify');
  app.edit('package.json', '@nestjs/platform-express', '@nestjs/platform-fastify');
  await step(`${app.isLinked ? 'Link' : 'Install'} the packages, on Fastify`, async () => app.install(packed, []));
  await step('taskloom init', async () => {
    match(await app.taskloom('init', ...(app.isLinked ? ['--no-install'] : [])), /welcome → /);
  });
  await step('Build', () => app.build());
  const server = await step('Start the application', () => startServer(app.folder));
  try {
    await step('A job through the API', async () => {
      const url = `${server.url}/graphql`;
      const { startWorkflow: started } = await ask(url, START, { input: { names: ['Grace'] } });
      for (;;) {
        const { job } = await ask(url, READ, { id: started.id });
        if (job.status === 'RUNNING') continue;
        deepStrictEqual(job, { status: 'COMPLETED', success: true, output: { greetings: ['Hello, Grace!'] } });
        break;
      }
    });
  } finally {
    await server.stop();
  }
}
