import { afterEach, expect, it } from '@jest/globals';

import { TestProcess } from './support/child-process.js';
import { post } from './support/raw-http.js';
import { removeTempStores, tempStore } from './support/temp-store.js';
import { closeSockets, watch } from './support/watch.js';

interface Told {
  readonly started?: true;
  readonly port?: number;
  readonly running?: string;
}

const processes: TestProcess<Told>[] = [];
afterEach(async () => {
  await closeSockets();
  await Promise.all(processes.splice(0).map((one) => one.end('SIGKILL')));
  await removeTempStores();
});

const ADA = { 'x-user': 'ada', 'x-tenant': 'acme', 'accept-language': 'fi' };
const BOB = { 'x-user': 'bob', 'x-tenant': 'globex', 'accept-language': 'de' };

async function begin(
  store: object,
  { holds }: { readonly holds: boolean },
): Promise<{ readonly process: TestProcess<Told>; readonly port: number }> {
  const process = new TestProcess<Told>('./carry-process.mjs', { store, holds });
  processes.push(process);
  const { port } = await process.tells({ started: true });
  return { process, port: port! };
}

async function submit(port: number, name: string, headers: Record<string, string>): Promise<string> {
  const mutation = `mutation { submitJob(job: { name: "${name}", tasks: [{ key: "a", agent: "who", input: {} }] }) { id } }`;
  const answer = await post(`http://127.0.0.1:${port}/graphql`, mutation, headers);
  return (answer.json().data!['submitJob'] as { id: string }).id;
}

async function outputOf(port: number, id: string, headers: Record<string, string>): Promise<unknown> {
  const query = 'subscription ($id: ID!) { jobUpdated(jobId: $id) { status tasks { nodes { key output } } } }';
  let last: unknown;
  for await (const { data } of watch(`ws://127.0.0.1:${port}/graphql`, query, { id }, { connectionParams: headers })) last = data;
  return last;
}

it('what jobs carry is there again, each in its own, after the process that ran them was killed', async () => {
  const store = await tempStore();
  const first = await begin(store, { holds: true });
  const ofAda = await submit(first.port, 'of ada', ADA);
  const ofBob = await submit(first.port, 'of bob', BOB);
  await first.process.tells({ running: 'of ada' });
  await first.process.tells({ running: 'of bob' });
  await first.process.end('SIGKILL');

  const second = await begin(store, { holds: false });
  for (const [id, headers] of [
    [ofAda, ADA],
    [ofBob, BOB],
  ] as const) {
    const carried = { user: headers['x-user'], tenant: headers['x-tenant'], language: headers['accept-language'] };
    expect(await outputOf(second.port, id, headers)).toEqual({
      jobUpdated: {
        status: 'COMPLETED',
        tasks: { nodes: [expect.objectContaining({ key: 'objective' }), { key: 'a', output: carried }] },
      },
    });
  }
}, 60_000);
