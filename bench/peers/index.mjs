import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const adapter = (name) => new URL(`adapters/${name}.mjs`, import.meta.url);
const MOST_MS = 90_000;
const TOO_SLOW = 'takes minutes';

/**
 * The peers, each with what it does not do: a speed says little without it.
 *
 * @typedef {import('../engines/index.mjs').EngineEntry & { note: string, needs?: 'redis' | 'postgres', leastNode?: readonly [number, number], skips?: Readonly<Record<string, string>> }} Peer
 * @type {readonly Peer[]}
 */
const entries = [
  {
    name: 'bullmq',
    module: adapter('bullmq'),
    needs: 'redis',
    note: 'Flows are trees: w1, w2 and w4 go in as flows (of a fan, the first task is a job of its own that adds the rest); in w3, w5 and w6 the graph is counted in our process and would be lost with it. Results are kept. A crash of the machine may lose the last second.',
  },
  {
    name: 'pg-boss',
    module: adapter('pg-boss'),
    needs: 'postgres',
    leastNode: [22, 12],
    note: 'Graph durable (`flow()`); one output for each batch that is completed together. We call `resolveFlow()` after each batch: out of the box a dependent waits for a resolver that runs once a second.',
  },
  {
    name: 'graphile-worker',
    module: adapter('graphile-worker'),
    needs: 'postgres',
    leastNode: [22, 18],
    note: 'A queue: no graph (counted in our process, lost with it) and no results (a finished job’s row is deleted). Its end is durable a moment after we count it.',
  },
  {
    name: 'dbos',
    module: adapter('dbos'),
    needs: 'postgres',
    skips: { 'w6-100k': TOO_SLOW },
    note: 'Results durable, one row a step. The graph is code that replays, so steps begin level by level, with a barrier between levels. Submit is the start of the workflows.',
  },
  {
    name: 'langgraph',
    module: adapter('langgraph'),
    skips: { w3: TOO_SLOW, 'w6-10k': TOO_SLOW, 'w6-100k': TOO_SLOW, 'w4-warm': TOO_SLOW },
    note: 'Functional interface on SQLite at `synchronous=NORMAL`; durability "async" (its default): a step may begin before what it needs is on disk. Barriers between levels. Submit is part of running.',
  },
  {
    name: 'mastra',
    module: adapter('mastra'),
    leastNode: [22, 13],
    skips: { w2: TOO_SLOW, w3: TOO_SLOW, 'w6-1k': TOO_SLOW, 'w6-10k': TOO_SLOW, 'w6-100k': TOO_SLOW, 'w4-warm': TOO_SLOW },
    note: 'On libSQL. No free graph: one `.parallel` a level, with a barrier. The whole snapshot is written at each step.',
  },
];

/** @returns {readonly Peer[]} each with the Node that it needs, and the limit after which it counts as failed */
export function listPeers() {
  return entries.map((entry) => ({ ...entry, timeoutMs: MOST_MS, ...(isOldFor(entry) ? { execPath: newerNode() } : {}) }));
}

function isOldFor({ leastNode = [0, 0] }) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]);
}

/** Some peers need a newer Node than the engine does; it comes with the peers' packages. */
function newerNode() {
  const file = fileURLToPath(new URL(`node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url));
  if (!existsSync(file))
    throw new Error(
      `Some peers need Node 22.18 or newer; use it, or run where the npm package node-${process.platform}-${process.arch} exists.`,
    );
  return file;
}
