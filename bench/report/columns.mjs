const BYTES_PER_MB = 1_048_576;

/** The columns of every table of results, for the terminal and for Markdown alike. */
export const columns = [
  { title: 'engine', text: ({ engine }) => engine },
  // Of a job that is cancelled there is no speed to speak of.
  { title: 'tasks/s', text: ({ tasksPerSecond, cancelMs }) => (cancelMs === null ? whole(tasksPerSecond) : '') },
  { title: 'spread', text: ({ slowest, fastest, cancelMs }) => (cancelMs === null ? `${whole(slowest)}–${whole(fastest)}` : '') },
  { title: 'of floor', text: ({ ofRuler }) => (ofRuler === null ? '' : ofRuler.toFixed(2)) },
  { title: 'CPU µs a task', text: ({ cpuUsPerTask }) => short(cpuUsPerTask) },
  {
    title: 'ready→started p50 / p99 ms',
    text: ({ latencyP50Ms, latencyP99Ms, cancelMs }) => (cancelMs === null ? `${short(latencyP50Ms)} / ${short(latencyP99Ms)}` : ''),
  },
  { title: 'loop delay p99 / max ms', text: ({ loopP99Ms, loopMaxMs }) => `${short(loopP99Ms)} / ${short(loopMaxMs)}` },
  { title: 'submit ms', text: ({ submitMs }) => short(submitMs) },
  { title: 'cancel ms', text: ({ cancelMs }) => (cancelMs === null ? '' : short(cancelMs)) },
  { title: 'peak MB', text: ({ rssBytes }) => whole(rssBytes / BYTES_PER_MB) },
];

/** @param {import('./summary.mjs').Line} line @returns {string[]} */
export function cellsOf(line) {
  if (line.runs === 0) return [line.engine, 'fail', ...columns.slice(2).map(() => '')];
  return columns.map(({ text }) => text(line));
}

export function whole(value) {
  return Math.round(value).toLocaleString('en');
}

/** Two significant digits below ten, none behind the point above. */
export function short(value) {
  return value >= 10 ? whole(value) : value.toPrecision(2).replace(/\.0$/, '');
}
