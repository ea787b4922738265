import { afterEach, describe, expect, it } from '@jest/globals';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';

import { ended } from './support/jobs.js';
import { startApp, stopApps } from './support/start-app.js';
import { closeSockets, socketClient } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const START = 'mutation Start { startWorkflow(name: "welcome", input: { name: "Ada" }) { id status } }';
const JOB = 'query Job($id: ID!) { job(id: $id) { id output } }';
const EVENTS = 'subscription Events($id: ID!) { jobEvents(jobId: $id) { seq type } }';

interface Started {
  startWorkflow: { id: string; status: string };
}
interface Heard {
  jobEvents: { seq: number; type: string };
}

/** What a stream of results gives until it completes. */
function collect<Result>(
  subscribe: (take: { next: (result: Result) => void; error: (error: unknown) => void; complete: () => void }) => unknown,
): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    const seen: Result[] = [];
    subscribe({ next: (result) => seen.push(result), error: reject, complete: () => resolve(seen) });
  });
}

describe('Apollo Client, with its link for graphql-ws', () => {
  it('starts a job, hears its events and reads its output', async () => {
    const { url, socketUrl } = await startApp();
    const link = ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socketClient(socketUrl)),
      new HttpLink({ uri: url }),
    );
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const started = await client.mutate<Started>({ mutation: gql(START) });
    const { id } = started.data!.startWorkflow;
    const heard = await collect<{ data?: Heard }>((take) =>
      client.subscribe<Heard>({ query: gql(EVENTS), variables: { id } }).subscribe(take as never),
    );
    expect(heard.map(({ data }) => data!.jobEvents.seq)).toEqual(heard.map((_, index) => index + 1));
    expect(heard.at(-1)!.data!.jobEvents.type).toBe('JOB_COMPLETED');
    const read = await client.query<{ job: { output: unknown } }>({ query: gql(JOB), variables: { id } });
    expect(read.data!.job.output).toEqual({ text: 'HELLO, ADA!' });
    client.stop();
  });
});

describe('urql', () => {
  /** It takes every answer as JSON or as an event stream, whatever the operation. */
  const takesBoth = expect.stringMatching(/application\/json.*text\/event-stream/);

  it.each([
    ['by POST', { preferGetMethod: false }],
    ['as it is, by GET with the header that no form can send', { fetchOptions: { headers: { 'apollo-require-preflight': 'true' } } }],
  ])('starts a job and reads it %s, answered in JSON', async (_how, options) => {
    const { url, engine } = await startApp();
    const sent: { readonly accept: unknown; readonly type: string | null }[] = [];
    const client = new Client({
      url,
      ...options,
      exchanges: [fetchExchange],
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        sent.push({ accept: new Headers(init?.headers).get('accept'), type: response.headers.get('content-type') });
        return response;
      },
    });
    const started = await client.mutation<Started>(START, {}).toPromise();
    const { id } = started.data!.startWorkflow;
    await ended(engine, id);
    const read = await client.query<{ job: { output: unknown } }>(JOB, { id }).toPromise();
    expect(read.error).toBeUndefined();
    expect(read.data!.job.output).toEqual({ text: 'HELLO, ADA!' });
    const inJson = { accept: takesBoth, type: expect.stringMatching(/^application\/(graphql-response\+)?json/) };
    expect(sent).toEqual([inJson, inJson]);
  });

  it('hears events over graphql-ws', async () => {
    const { url, socketUrl } = await startApp();
    const sockets = socketClient(socketUrl);
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query, variables }) => ({
            subscribe: (sink) => ({
              unsubscribe: sockets.subscribe({ query: query!, variables: (variables ?? {}) as Record<string, unknown> }, sink as never),
            }),
          }),
        }),
      ],
    });
    const started = await client.mutation<Started>(START, {}).toPromise();
    const { id } = started.data!.startWorkflow;
    const types: string[] = [];
    await new Promise<void>((resolve) => {
      client.subscription<Heard>(EVENTS, { id }).subscribe(({ data }) => {
        if (data) types.push(data.jobEvents.type);
        if (data?.jobEvents.type === 'JOB_COMPLETED') resolve();
      });
    });
    expect(types[0]).toBe('JOB_SUBMITTED');
  });

  it('hears events over Server-Sent Events', async () => {
    const { url } = await startApp();
    const client = new Client({ url, preferGetMethod: false, fetchSubscriptions: true, exchanges: [fetchExchange] });
    const started = await client.mutation<Started>(START, {}).toPromise();
    const { id } = started.data!.startWorkflow;
    const types: string[] = [];
    await new Promise<void>((resolve) => {
      client.subscription<Heard>(EVENTS, { id }).subscribe(({ data }) => {
        if (data) types.push(data.jobEvents.type);
        if (data?.jobEvents.type === 'JOB_COMPLETED') resolve();
      });
    });
    expect(types[0]).toBe('JOB_SUBMITTED');
  });
});
