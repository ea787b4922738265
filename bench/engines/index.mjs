import { existsSync } from 'node:fs';

/**
 * What an adapter's module exports as `open`.
 *
 * @callback Open
 * @param {OpenOptions} options
 * @returns {Promise<Session>}
 */

/**
 * @typedef {object} OpenOptions
 * @property {string} folder an empty folder of its own
 * @property {number} concurrency most bodies at the same time
 * Whatever else an entry of the list of engines gives as `options` is here too.
 */

/**
 * @typedef {object} Session
 * @property {(graphs: readonly import('../workloads/workload.mjs').Graph[], runTask: RunTask) => Promise<Timings>} run submits one
 *   job for each graph, all at once, and resolves when the end of the last one is durable
 * @property {() => Promise<void>} close
 */

/**
 * The body of a task, to be called once for each. What it resolves to is the task's output and must be kept.
 * @callback RunTask
 * @param {number} job index of the graph
 * @param {number} task number in the graph
 * @returns {Promise<{ task: number, ok: boolean }>}
 */

/**
 * @typedef {object} Timings
 * @property {number} submitMs from the call until every job was durable
 */

/**
 * An engine to measure: an adapter's module, what it is opened with, and the Node it needs where that is not this one.
 * @typedef {{ name: string, module: URL, options?: Record<string, unknown>, execPath?: string }} EngineEntry
 */

const adapter = (file) => new URL(file, import.meta.url);

/** The limit that the others are held against. */
export const RULER = 'floor-full';

/** @type {readonly EngineEntry[]} */
const ours = [
  { name: 'floor-normal', module: adapter('floor.mjs'), options: { synchronous: 'NORMAL' } },
  { name: RULER, module: adapter('floor.mjs'), options: { synchronous: 'FULL' } },
  { name: 'taskloom', module: adapter('taskloom.mjs') },
];

/** Peers have a package of their own, with its own lockfile, because of what they bring along. It exports `peers`. */
const peersFile = new URL('../peers/index.mjs', import.meta.url);

/** @returns {Promise<readonly EngineEntry[]>} */
export async function listEngines() {
  if (!existsSync(peersFile)) return ours;
  const { peers } = await import(peersFile.href);
  return [...ours, ...peers];
}

/**
 * The engine as another build has it, to measure a change beside what was before it.
 *
 * @param {string} name
 * @param {URL} entry the `index.js` of a copy of core's dist
 * @returns {EngineEntry}
 */
export function otherBuild(name, entry) {
  return { name, module: adapter('taskloom.mjs'), options: { core: entry.href } };
}
