import { FlowProducer, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Counter, dependentsOf } from './graphs.mjs';

const QUEUE = 'tasks';

/**
 * Flows where the graph allows it: they are trees, so a graph goes in as one if every task has at most one dependent, or if it does
 * without its first task (a fan: the worker adds the flow when that one has ended). Any other graph is counted in this process.
 *
 * @type {import('../../engines/index.mjs').Open}
 */
export async function open({ concurrency, redis }) {
  const connection = { url: redis, maxRetriesPerRequest: null };
  await forgetEverything(redis);
  const queue = new Queue(QUEUE, { connection });
  const flows = new FlowProducer({ connection });
  await Promise.all([queue.waitUntilReady(), flows.waitUntilReady()]);
  let current = null;
  const worker = new Worker(QUEUE, ({ data: { job, task } }) => current.runTask(job, task), { connection, concurrency });
  worker.on('error', (error) => current?.fail(error));
  worker.on('failed', (_, error) => current?.fail(error));
  worker.on('completed', ({ data: { job, task } }) => current.ended(job, task));
  await worker.waitUntilReady();

  async function run(graphs, runTask) {
    const startedAt = performance.now();
    const counter = new Counter(graphs);
    const plans = graphs.map(planOf);
    let fail;
    const failed = new Promise((_, reject) => (fail = reject));
    const add = (jobs) => queue.addBulk(jobs.map((data) => ({ name: 'task', data })));
    current = {
      runTask,
      fail,
      ended(job, task) {
        const next = counter.ended(job, task);
        const { kind, tree } = plans[job];
        if (kind === 'fan' && task === 0) void flows.add(tree(job)).catch(fail);
        else if (kind === 'queue' && next.length > 0) void add(next).catch(fail);
      },
    };
    const plain = counter.sources().filter(({ job }) => plans[job].kind !== 'tree');
    const trees = plans.flatMap(({ kind, tree }, job) => (kind === 'tree' ? [tree(job)] : []));
    await Promise.all([plain.length > 0 && add(plain), trees.length > 0 && flows.addBulk(trees)]);
    const submitMs = performance.now() - startedAt;
    await Promise.race([counter.finished, failed]);
    return { submitMs };
  }

  async function close() {
    await worker.close();
    await flows.close();
    await queue.close();
  }

  return { run, close };
}

/** No run finds what another has left. */
async function forgetEverything(redis) {
  const client = new Redis(redis);
  await client.flushall();
  await client.quit();
}

function planOf(graph) {
  const last = graph.length - 1;
  if (isTree(graph)) return { kind: 'tree', tree: (job) => flowOf(graph, job, last, () => true) };
  const [source, ...others] = graph;
  const isFan = source.length === 0 && others.every(({ length }) => length > 0) && isTree(graph, 1);
  return isFan ? { kind: 'fan', tree: (job) => flowOf(graph, job, last, (no) => no > 0) } : { kind: 'queue' };
}

/** Whether everything from the task `from` on is a tree with the last one as its root. */
function isTree(graph, from = 0) {
  return dependentsOf(graph).every((dependents, task) => task < from || dependents.length === (task === graph.length - 1 ? 0 : 1));
}

/** A job with those it waits for as its children; without recursion, since a chain is deep. */
function flowOf(graph, job, root, isPart) {
  const nodes = graph.map((_, task) => ({ name: 'task', queueName: QUEUE, data: { job, task } }));
  graph.forEach((dependencies, task) => {
    const children = dependencies.filter(isPart).map((no) => nodes[no]);
    if (children.length > 0) nodes[task].children = children;
  });
  return nodes[root];
}
