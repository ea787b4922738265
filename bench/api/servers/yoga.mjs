// A bare GraphQL Yoga with graphql-ws: the same fields, answered from memory. No engine, no store, no checks.
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { obey } from './obey.mjs';

let tasks = [];
let events = [];
let begin = () => undefined;
let begun = Promise.resolve();
/** How many events there are in a second; `null`: all are there at once. */
let pace = null;

const typeDefs = /* GraphQL */ `
  scalar JSON
  scalar DateTime
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  type Task {
    id: ID!
    key: String!
    name: String!
    type: String!
    status: String!
    agent: String
    attempt: Int!
    progress: Float!
    createdAt: DateTime!
    startedAt: DateTime
    finishedAt: DateTime
    output: JSON
  }
  type TaskConnection {
    nodes: [Task!]!
    pageInfo: PageInfo!
  }
  input TaskFilter {
    jobId: ID
  }
  type Job {
    id: ID!
    name: String!
    status: String!
    progress: Float!
    tasks(first: Int): TaskConnection!
  }
  type JobEvent {
    seq: Int!
    type: String!
    taskId: ID
    taskKey: String
    at: DateTime!
    actor: String!
    data: JSON
  }
  type Query {
    job(id: ID!): Job
    tasks(filter: TaskFilter!, first: Int): TaskConnection!
  }
  type Subscription {
    jobEvents(jobId: ID!, afterSeq: Int): JobEvent!
  }
`;
const page = (first) => ({ nodes: tasks.slice(0, first), pageInfo: { hasNextPage: tasks.length > first, endCursor: 'x' } });
const schema = createSchema({
  typeDefs,
  resolvers: {
    Query: {
      job: (_root, { id }) => ({ id, name: 'bench', status: 'COMPLETED', progress: 100 }),
      tasks: (_root, { first }) => page(first),
    },
    Job: { tasks: (_job, { first }) => page(first) },
    Subscription: {
      jobEvents: {
        async *subscribe() {
          await begun;
          const startedAt = performance.now();
          for (const [index, event] of events.entries()) {
            const dueIn = pace === null ? 0 : startedAt + (index / pace) * 1_000 - performance.now();
            if (dueIn > 0) await wait(dueIn);
            yield { jobEvents: event };
          }
        },
      },
    },
  },
});

const yoga = createYoga({ schema, logging: false, graphiql: false });
const server = createServer((request, response) => void yoga(request, response));
useServer({ schema }, new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

obey(server.address().port, {
  /** What it answers and pushes. Whoever subscribes after `hold` waits for `release`. */
  async fill(allTasks, someEvents, count) {
    tasks = allTasks;
    events = Array.from({ length: count }, (_, index) => ({ ...someEvents[index % someEvents.length], seq: index + 1 }));
  },
  async hold() {
    begun = new Promise((resolve) => (begin = resolve));
  },
  async release(perSecond) {
    pace = perSecond;
    begin();
  },
});
