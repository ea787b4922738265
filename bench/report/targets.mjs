import { OURS } from '../engines/index.mjs';
import { growthOf } from './summary.mjs';

const BYTES_PER_MB = 1_048_576;
const BYTES_PER_KB = 1_000;

/** Of the ruler's speed, by workload: what must be reached, and what is aimed at. */
const OF_FLOOR = {
  w1: { must: 0.5, aim: 0.7 },
  w2: { must: 0.25, aim: 0.4 },
  w3: { must: 0.25, aim: 0.4 },
  'w4-warm': { must: 0.25, aim: 0.4 },
  w5: { must: 0.95, aim: 0.98 },
};

/**
 * @typedef {object} Target what our engine is held to, and where it stands; of the parts that were measured
 * @property {string} what
 * @property {string} must
 * @property {string} reached
 * @property {'yes' | 'aim' | 'no'} isMet `aim`: also what is aimed at beyond
 */

/** @param {readonly import('./summary.mjs').Section[]} sections @returns {Target[]} */
export function targetsOf(sections) {
  const lineOf = (workload) =>
    sections.find(({ name }) => name === workload)?.lines.find(({ engine, runs }) => engine === OURS && runs > 0);
  const [chain, layers, watched, large, cancelled] = ['w1', 'w3', 'w3-watched', 'w6-100k', 'w7'].map(lineOf);
  const growth = growthOf(sections).find(({ engine }) => engine === OURS);
  return [
    ...Object.entries(OF_FLOOR).flatMap(([workload, { must, aim }]) => {
      const ratio = lineOf(workload)?.ofRuler ?? null;
      if (ratio === null) return [];
      return [
        {
          what: `${workload}, of the floor`,
          must: `≥ ${must}, aim ${aim}`,
          reached: ratio.toFixed(2),
          isMet: ratio >= aim ? 'aim' : ratio >= must ? 'yes' : 'no',
        },
      ];
    }),
    ...(chain
      ? [atMost('w1, ready→started p50, ms', chain.latencyP50Ms, 0.5), atMost('w1, ready→started p99, ms', chain.latencyP99Ms, 5)]
      : []),
    ...(layers ? [atMost('w3, event-loop delay p99, ms', layers.loopP99Ms, 50)] : []),
    ...(layers && watched
      ? [atLeast('w3 with a live subscriber, of w3 without', watched.tasksPerSecond / layers.tasksPerSecond, 0.9)]
      : []),
    ...(growth
      ? [
          atMost('a task of 100,000, of one of 10,000', growth.costRatio, 1.5),
          atMost('memory of a task from 10,000 to 100,000, kB', growth.bytesPerTask / BYTES_PER_KB, 1.5),
        ]
      : []),
    ...(large
      ? [atMost('100,000 tasks, peak MB', large.rssBytes / BYTES_PER_MB, 512), atMost('100,000 tasks, submit, ms', large.submitMs, 5_000)]
      : []),
    ...(cancelled ? [atMost('100,000 tasks, cancel, ms', cancelled.cancelMs, 5_000)] : []),
  ];
}

function atMost(what, value, limit) {
  return { what, must: `≤ ${limit.toLocaleString('en')}`, reached: shown(value), isMet: value <= limit ? 'yes' : 'no' };
}

function atLeast(what, value, limit) {
  return { what, must: `≥ ${limit}`, reached: shown(value), isMet: value >= limit ? 'yes' : 'no' };
}

function shown(value) {
  return value >= 10 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
