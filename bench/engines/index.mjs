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
 * @property {(graphs: readonly import('../workloads/workload.mjs').Graph[], runTask: RunTask, how?: { isWatched?: boolean }) => Promise<Timings>} run
 *   submits one job for each graph, all at once, and resolves when the end of the last one is durable; watched, somebody reads
 *   every event of every job as it comes
 * @property {(graph: import('../workloads/workload.mjs').Graph, runTask: RunTask) => Promise<Timings & { cancelMs: number }>} [cancel]
 *   submits one job, cancels it when its first tasks run, and resolves when the end of it is durable
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
 * An engine to measure: an adapter's module, what it is opened with, the Node it needs where that is not this one, what it can do
 * beyond running graphs, the workloads that it is not given and why, and what to know of it when its speed is read.
 * @typedef {{ name: string, module: URL, options?: Record<string, unknown>, execPath?: string, timeoutMs?: number, does?: readonly import('../workloads/workload.mjs').Need[], skips?: Readonly<Record<string, string>>, note?: string }} EngineEntry
 */

const adapter = (file) => new URL(file, import.meta.url);

/** The limit that the others are held against. */
export const RULER = 'floor-full';

/** The engine that all this is about. */
export const OURS = 'taskloom';

/** The same on PostgreSQL. */
const POSTGRES_RULER = 'pg-floor';

/** What an engine is held against: the limit of the store that it writes to. @param {string} engine */
export function rulerOf(engine) {
  return engine === POSTGRES_RULER || engine.startsWith('taskloom-pg') ? POSTGRES_RULER : RULER;
}

/** @type {readonly EngineEntry[]} */
export const ownEngines = [
  { name: 'floor-normal', module: adapter('floor.mjs'), options: { synchronous: 'NORMAL' } },
  { name: RULER, module: adapter('floor.mjs'), options: { synchronous: 'FULL' } },
  { name: OURS, module: adapter('taskloom.mjs'), does: ['cancel', 'watch'] },
  { name: POSTGRES_RULER, module: adapter('pg-floor.mjs') },
  { name: 'taskloom-pg', module: adapter('taskloom-pg.mjs'), does: ['cancel', 'watch'] },
];

/**
 * The engine as another build has it, to measure a change beside what was before it.
 *
 * @param {string} name
 * @param {URL} entry the `index.js` of a copy of core's dist
 * @returns {EngineEntry}
 */
export function otherBuild(name, entry) {
  return { name, module: adapter('taskloom.mjs'), options: { core: entry.href }, does: ['cancel', 'watch'] };
}
