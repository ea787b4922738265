import { measureQueries } from './clients/queries.mjs';
import { Subscribers } from './clients/subscribers.mjs';
import { EVENTS, JOB, TASKS } from './graph.mjs';

const CONNECTIONS = 8;
const PAGE = 100;
const BYTES_PER_KB = 1_000;

/**
 * @typedef {object} Measured one number of one round
 * @property {string} what
 * @property {string} server
 * @property {number} value
 * @property {string} unit
 */

/** Queries a second and how long the slowest hundredth takes. */
async function queries({ taskloom, yoga, seconds }) {
  const { id } = await taskloom.ask('endedJob', PAGE - 1);
  const { tasks: some, events: told } = await taskloom.ask('samples', id);
  await yoga.ask('fill', some, told, told.length);
  const measured = [];
  for (const [what, query] of Object.entries({ [`job with ${PAGE} tasks`]: JOB, [`tasks, page of ${PAGE}`]: TASKS })) {
    for (const { name, url } of [taskloom, yoga]) {
      const { perSecond, p99Ms, bytes } = await measureQueries({ url, query, variables: { id }, connections: CONNECTIONS, seconds });
      measured.push({ what: `${what}, queries a second`, server: name, value: perSecond, unit: '/s' });
      measured.push({ what: `${what}, slowest hundredth`, server: name, value: p99Ms, unit: 'ms' });
      measured.push({ what: `${what}, answer`, server: name, value: bytes / BYTES_PER_KB, unit: 'kB' });
    }
  }
  return measured;
}

/** Events delivered a second: of a job that runs, of one that has ended, and of a server that has them in memory. */
async function events({ taskloom, yoga, isQuick }) {
  const measured = [];
  await warmUp(taskloom, yoga);
  for (const [subscribers, tasks] of isQuick
    ? [
        [1, 2_000],
        [100, 300],
      ]
    : [
        [1, 10_000],
        [100, 500],
        [1_000, 100],
      ]) {
    const to = subscribers === 1 ? 'to 1 subscriber' : `to ${subscribers} subscribers`;
    const made = subscribers === 1 ? await madeUnwatched(taskloom, tasks) : null;
    const { id } = await taskloom.ask('waitingJob', tasks);
    const live = await Subscribers.open({ socketUrl: taskloom.socketUrl, query: EVENTS, variables: { id } }, subscribers);
    measured.push({ what: `events of a busy job ${to}`, server: 'taskloom', ...(await deliveredBy(live, () => taskloom.ask('run', id))) });

    const stored = await deliveredBy(null, () =>
      Subscribers.open({ socketUrl: taskloom.socketUrl, query: EVENTS, variables: { id } }, subscribers),
    );
    measured.push({ what: `events of an ended job ${to}`, server: 'taskloom', ...stored });

    const { tasks: someTasks, events: some } = await taskloom.ask('samples', id);
    await yoga.ask('fill', someTasks, some, Math.round(live.delivered / subscribers));
    const pushed = await pushedBy(yoga, id, subscribers);
    if (made !== null) {
      const what = `events of a busy job ${to}`;
      measured.push({ what, server: 'unwatched engine', value: made, unit: '/s' });
      measured.push({ what, server: 'yoga at its pace', ...(await pushedBy(yoga, id, subscribers, made)) });
    }
    for (const job of ['busy', 'ended'])
      measured.push({ what: `events of ${job === 'busy' ? 'a busy' : 'an ended'} job ${to}`, server: 'yoga', ...pushed });
  }
  return measured;
}

/** Neither server is measured while its code is still being compiled. */
async function warmUp(taskloom, yoga) {
  const { id } = await taskloom.ask('waitingJob', 1_000);
  const watcher = await Subscribers.open({ socketUrl: taskloom.socketUrl, query: EVENTS, variables: { id } }, 1);
  await deliveredBy(watcher, () => taskloom.ask('run', id));
  const { tasks, events: some } = await taskloom.ask('samples', id);
  await yoga.ask('fill', tasks, some, watcher.delivered);
  await pushedBy(yoga, id, 1);
}

/** How many events of such a job there are in a second while nobody watches it: nobody can be told more of them. */
async function madeUnwatched(taskloom, tasks) {
  const { id } = await taskloom.ask('waitingJob', tasks);
  const { ms, events: count } = await taskloom.ask('run', id);
  return count / (ms / 1_000);
}

/** @param perSecond how many events there are in a second; without it all are there at once */
async function pushedBy(yoga, id, subscribers, perSecond) {
  await yoga.ask('hold');
  const bare = await Subscribers.open({ socketUrl: yoga.socketUrl, query: EVENTS, variables: { id } }, subscribers);
  return deliveredBy(bare, () => yoga.ask('release', perSecond ?? null));
}

async function deliveredBy(subscribers, begin) {
  const startedAt = performance.now();
  const begun = await begin();
  const all = subscribers ?? begun;
  await all.completed;
  const seconds = (performance.now() - startedAt) / 1_000;
  await all.close();
  return { value: all.delivered / seconds, unit: '/s' };
}

/** What the engine does with nobody watching, and with a hundred who watch everything. */
async function engine({ taskloom, yoga, isQuick }) {
  const tasks = isQuick ? 2_000 : 10_000;
  const measured = [];
  await warmUp(taskloom, yoga);
  for (const watchers of [0, 100]) {
    const { id } = await taskloom.ask('waitingJob', tasks);
    const all = await Subscribers.open({ socketUrl: taskloom.socketUrl, query: EVENTS, variables: { id } }, watchers);
    const { ms } = await taskloom.ask('run', id);
    await all.close();
    measured.push({
      what: 'tasks a second',
      server: watchers === 0 ? 'unwatched' : `${watchers} watchers`,
      value: tasks / (ms / 1_000),
      unit: '/s',
    });
  }
  return measured;
}

/** What one subscriber costs that is told nothing. */
async function memory({ taskloom, yoga, isQuick }) {
  const count = isQuick ? 200 : 1_000;
  const measured = [];
  const { id } = await taskloom.ask('waitingJob', 10);
  await yoga.ask('hold');
  for (const server of [taskloom, yoga]) {
    // The first ones bring the code along.
    const first = await Subscribers.open({ socketUrl: server.socketUrl, query: EVENTS, variables: { id } }, 20);
    const before = await server.ask('memory');
    const idle = await Subscribers.open({ socketUrl: server.socketUrl, query: EVENTS, variables: { id } }, count);
    const after = await server.ask('memory');
    measured.push({
      what: 'heap for an idle subscriber',
      server: server.name,
      value: (after.heap - before.heap) / count / BYTES_PER_KB,
      unit: 'kB',
    });
    measured.push({
      what: 'process for an idle subscriber',
      server: server.name,
      value: (after.rss - before.rss) / count / BYTES_PER_KB,
      unit: 'kB',
    });
    await idle.close();
    await first.close();
  }
  return measured;
}

/** By name, in the order in which they are measured. */
export const sections = { queries, events, engine, memory };
