import { rulerOf } from '../engines/index.mjs';
import { median } from '../measure/statistics.mjs';

const US_PER_MS = 1_000;

/**
 * @typedef {object} Line what the runs of one engine on one workload come to: medians, and the spread of the speed
 * @property {string} engine
 * @property {number} runs
 * @property {number} tasksPerSecond
 * @property {number} slowest
 * @property {number} fastest
 * @property {number | null} ofRuler its speed by that of the ruler in the same rounds; `null` where the ruler did not run
 * @property {number} cpuUsPerTask processor time of the whole process; other work on the machine distorts it less than the speed
 * @property {number} latencyP50Ms
 * @property {number} latencyP99Ms
 * @property {number} loopP99Ms
 * @property {number} loopMaxMs
 * @property {number} submitMs
 * @property {number | null} cancelMs until a cancellation was acknowledged; `null` where nothing was cancelled
 * @property {number} rssBytes
 * @property {string | null} error the first failure; the figures are those of the runs that did not fail
 */

/** @typedef {{ name: string, title: string, tasks: number, lines: Line[] }} Section of one workload */

/**
 * @param {{ name: string, title: string, tasks: number }} workload
 * @param {ReadonlyMap<string, readonly { measurement?: import('../measure/run-once.mjs').Measurement, error?: string }[]>} outcomes by engine
 * @returns {Section}
 */
export function summarize({ name, title, tasks }, outcomes) {
  const lines = [...outcomes].map(([engine, runs]) => summarizeEngine(engine, runs));
  for (const line of lines) {
    const ruler = lines.find(({ engine }) => engine === rulerOf(line.engine))?.tasksPerSecond;
    line.ofRuler = ruler > 0 ? line.tasksPerSecond / ruler : null;
  }
  return { name, title, tasks, lines };
}

function summarizeEngine(engine, runs) {
  const good = runs.flatMap(({ measurement }) => (measurement ? [measurement] : []));
  const speeds = good.map(({ tasks, totalMs }) => tasks / (totalMs / 1_000));
  const middle = (key) => (good.length === 0 ? 0 : median(good.map((measurement) => measurement[key])));
  return {
    engine,
    runs: good.length,
    tasksPerSecond: good.length === 0 ? 0 : median(speeds),
    slowest: Math.min(...speeds),
    fastest: Math.max(...speeds),
    ofRuler: null,
    cpuUsPerTask: good.length === 0 ? 0 : median(good.map(({ cpuMs, tasks }) => (cpuMs * US_PER_MS) / tasks)),
    latencyP50Ms: middle('latencyP50Ms'),
    latencyP99Ms: middle('latencyP99Ms'),
    loopP99Ms: middle('loopP99Ms'),
    loopMaxMs: middle('loopMaxMs'),
    submitMs: middle('submitMs'),
    cancelMs: good.length > 0 && good[0].cancelMs !== null ? middle('cancelMs') : null,
    rssBytes: middle('rssBytes'),
    error: runs.find(({ error }) => error)?.error ?? null,
  };
}

/**
 * How an engine's cost grows with the size of a job, where both sizes were measured.
 *
 * @param {readonly Section[]} sections
 * @returns {{ engine: string, costRatio: number, bytesPerTask: number }[]}
 */
export function growthOf(sections) {
  const small = sections.find(({ name }) => name === 'w6-10k');
  const large = sections.find(({ name }) => name === 'w6-100k');
  if (!small || !large) return [];
  return large.lines.flatMap((line) => {
    const before = small.lines.find(({ engine }) => engine === line.engine);
    if (!before || before.runs === 0 || line.runs === 0) return [];
    return [
      {
        engine: line.engine,
        costRatio: before.tasksPerSecond / line.tasksPerSecond,
        bytesPerTask: (line.rssBytes - before.rssBytes) / (large.tasks - small.tasks),
      },
    ];
  });
}
