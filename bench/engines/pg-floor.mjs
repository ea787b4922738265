import { Client } from 'pg';
import { startPostgres } from './postgres-server.mjs';

const SCHEMA = `
  CREATE TABLE task (id integer PRIMARY KEY, status integer NOT NULL, input text NOT NULL, output text) WITH (fillfactor = 70);
  CREATE TABLE edge (task integer NOT NULL, dependency integer NOT NULL, PRIMARY KEY (task, dependency));
  CREATE TABLE event (seq bigserial PRIMARY KEY, task integer NOT NULL, type integer NOT NULL, at bigint NOT NULL);`;
const WAITING = 0;
const RUNNING = 1;
const DONE = 2;
/** Whatever is known of tables that were empty a moment ago. */
const BY_KEY = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan';

const INSERT = `WITH tasks AS (INSERT INTO task (id, status, input) SELECT id, ${WAITING}, input FROM unnest($1::int[], $2::text[]) AS given (id, input))
  INSERT INTO edge (task, dependency) SELECT * FROM unnest($3::int[], $4::int[])`;
/** All that has happened since the last one, in one statement, which is one transaction and one trip to the server. */
const WRITE = `WITH finished AS (UPDATE task SET status = ${DONE}, output = given.output FROM unnest($1::int[], $2::text[]) AS given (id, output) WHERE task.id = given.id),
  started AS (UPDATE task SET status = ${RUNNING} FROM unnest($3::int[]) AS given (id) WHERE task.id = given.id)
  INSERT INTO event (task, type, at) SELECT id, ${DONE}, $4::bigint FROM unnest($1::int[]) AS given (id) UNION ALL SELECT id, ${RUNNING}, $4::bigint FROM unnest($3::int[]) AS given (id)`;

/**
 * The attainable limit on PostgreSQL, and no engine: what `floor.mjs` is to SQLite. While one statement is under way, the next
 * one gathers.
 *
 * @type {import('./index.mjs').Open}
 */
export async function open({ concurrency }) {
  const server = await startPostgres();
  const client = new Client({ connectionString: server.url, options: BY_KEY });
  await client.connect();
  await client.query(SCHEMA);

  const submitted = [];
  const finished = [];
  const ready = [];
  let nextReady = 0;
  let lastId = 0;
  let running = 0;
  let scheduled = false;
  const schedule = () => {
    if (!scheduled) setImmediate(() => void flush());
    scheduled = true;
  };

  async function flush() {
    const jobs = submitted.splice(0);
    if (jobs.length > 0) await insertJobs(jobs);
    const started = [];
    const outcomes = finished.splice(0);
    for (const { task } of outcomes) for (const dependent of task.dependents) if (--dependent.open === 0) ready.push(dependent);
    running -= outcomes.length;
    while (running < concurrency && nextReady < ready.length) {
      started.push(ready[nextReady++]);
      running += 1;
    }
    const values = [
      array(outcomes.map(({ task }) => task.id)),
      texts(outcomes.map(({ output }) => JSON.stringify(output))),
      array(started.map(({ id }) => id)),
      Date.now(),
    ];
    await client.query({ name: 'write', text: WRITE, values });
    for (const job of jobs) job.acknowledge();
    for (const { task } of outcomes) if (--task.job.open === 0) task.job.resolve();
    for (const task of started) void execute(task);
    scheduled = false;
    if (submitted.length > 0 || finished.length > 0) schedule();
  }

  async function insertJobs(jobs) {
    const tasks = jobs.flatMap((job) => {
      const made = job.graph.map((dependencies, no) => ({ job, no, id: ++lastId, open: dependencies.length, dependents: [] }));
      for (const task of made) for (const no of job.graph[task.no]) made[no].dependents.push(task);
      for (const task of made) task.needs = job.graph[task.no].map((no) => made[no].id);
      return made;
    });
    const edges = tasks.flatMap(({ id, needs }) => needs.map((on) => [id, on]));
    await client.query({
      name: 'insert',
      text: INSERT,
      values: [
        array(tasks.map(({ id }) => id)),
        texts(tasks.map(({ job, no }) => JSON.stringify({ job: job.no, task: no }))),
        array(edges.map(([id]) => id)),
        array(edges.map(([, on]) => on)),
      ],
    });
    for (const task of tasks) if (task.open === 0) ready.push(task);
  }

  async function execute(task) {
    const output = await task.job.runTask(task.job.no, task.no);
    finished.push({ task, output });
    schedule();
  }

  async function run(graphs, runTask) {
    const startedAt = performance.now();
    let submitMs = 0;
    await Promise.all(
      graphs.map((graph, no) => {
        const acknowledge = () => (submitMs = performance.now() - startedAt);
        schedule();
        return new Promise((resolve) => submitted.push({ no, graph, runTask, open: graph.length, acknowledge, resolve }));
      }),
    );
    return { submitMs };
  }

  async function close() {
    await client.end();
    await server.stop();
  }

  return { run, close };
}

function array(numbers) {
  return `{${numbers.join(',')}}`;
}

function texts(values) {
  return `{${values.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
