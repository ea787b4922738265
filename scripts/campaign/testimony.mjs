import { MOST_ATTEMPTS, SHAPES, SUSPENDING } from './agents.mjs';
import { MAX_PARALLEL } from './limits.mjs';

const TERMINAL = new Set(['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED', 'ACCEPTED', 'REJECTED']);

/**
 * What must be true of the witness ledger, whatever has happened to the processes. `violations` says what is not; `counts` says
 * what happened, so that a run in which nothing happened is not taken for one in which nothing went wrong.
 */
export class Testimony {
  /** Tasks that were found at their end while no process ran, and how many lines the ledger had then. */
  #ended = new Map();
  #dependencies = new Map();

  /**
   * Notes what the dead process has left.
   *
   * @param {readonly import('./auditor.mjs').StoredJob[]} jobs
   * @param {number} lines of the ledger so far
   * @returns {boolean} whether an attempt was under way
   */
  takeSnapshot(jobs, lines) {
    let isInAttempt = false;
    for (const { spec, tasks } of jobs) {
      for (const { spec: own, row } of tasks) {
        const id = `${spec.id} ${own.key}`;
        if (row.status === 'IN_PROGRESS') isInAttempt = true;
        if (TERMINAL.has(row.status) && !this.#ended.has(id)) this.#ended.set(id, lines);
        if (!this.#dependencies.has(id)) this.#dependencies.set(id, agentsBefore(own, tasks));
      }
    }
    return isInAttempt;
  }

  /**
   * @param {readonly import('./witness.mjs').Line[]} lines
   * @param {readonly import('./auditor.mjs').StoredJob[]} jobs as they are stored now
   */
  examine(lines, jobs) {
    const found = { lost: [], doubled: [], violations: [] };
    this.#examineAttempts(lines, found);
    examineSubmits(lines, jobs, found);
    examineEvents(lines, found);
    examineResults(lines, jobs, found);
    examineTimes(jobs, found);
    for (const { what, job, task, more } of lines) if (what === 'wrong') found.violations.push(`${job} ${task}: ${more}`);
    return { ...found, counts: count(lines) };
  }

  #examineAttempts(lines, { violations, doubled }) {
    const completed = new Set();
    const given = new Set();
    const kept = new Set();
    const cancelled = new Set();
    const startsOfProcess = new Set();
    const running = new Map();
    const runningOf = (pid) => running.get(pid) ?? 0;
    lines.forEach(({ what, job, task, more, pid }, index) => {
      const id = `${job} ${task}`;
      if (what === 'gives') given.add(id);
      else if (what === 'leaves') running.set(pid, runningOf(pid) - 1);
      else if (what === 'step-kept') kept.add(`${id} ${more}`);
      else if (what === 'cancelled') cancelled.add(job);
      else if (what === 'event' && more.endsWith(' TASK_COMPLETED')) completed.add(id);
      else if (what === 'step' && kept.has(`${id} ${more}`)) doubled.push(`step "${more}" of ${id} ran again after its result was kept`);
      if (what !== 'start') return;
      const [attempt, , agent] = more.split(' ');
      running.set(pid, runningOf(pid) + 1);
      if (runningOf(pid) > MAX_PARALLEL) violations.push(`${runningOf(pid)} attempts ran at the same time, with ${id}`);
      if (completed.has(id)) doubled.push(`${id} started again after the engine had told that it completed`);
      else if (index >= (this.#ended.get(id) ?? Infinity)) doubled.push(`${id} started again although it was found at its end`);
      if (cancelled.has(job)) violations.push(`${id} started after the cancellation of its job was acknowledged`);
      for (const source of this.#dependencies.get(id) ?? [])
        if (!given.has(`${job} ${source}`)) violations.push(`${id} started before ${source} had given a result`);
      const most = MOST_ATTEMPTS[agent] ?? 1;
      if (Number(attempt) > most) violations.push(`${id} is at attempt ${attempt}; it may have ${most}`);
      const inProcess = `${pid} ${id} ${attempt}`;
      if (startsOfProcess.has(inProcess) && !SUSPENDING.has(agent))
        violations.push(`attempt ${attempt} of ${id} started twice in one process`);
      startsOfProcess.add(inProcess);
    });
  }
}

function agentsBefore({ dependencies }, tasks) {
  return dependencies
    .filter(({ mode }) => mode === undefined || mode === 'completed')
    .map(({ on }) => tasks[on].spec)
    .flatMap(({ agent, key }) => (agent !== null && !agent.startsWith('$') ? [key] : []));
}

function examineSubmits(lines, jobs, { lost, doubled, violations }) {
  const stored = new Set(jobs.map(({ spec }) => spec.id));
  const idOf = new Map();
  const wanted = new Set();
  for (const { what, job: key, more } of lines) {
    if (what === 'submitting') wanted.add(key);
    if (what !== 'acknowledged') continue;
    if (!stored.has(more)) lost.push(`the job ${more} (${key}) was acknowledged and is not there`);
    if (idOf.has(key) && idOf.get(key) !== more) doubled.push(`${key} was acknowledged as ${idOf.get(key)} and as ${more}`);
    idOf.set(key, more);
  }
  if (stored.size > wanted.size) doubled.push(`${stored.size} jobs are there, ${wanted.size} were submitted`);
  for (const [pid, open] of unfinishedStops(lines)) violations.push(`process ${pid} was told to stop and left ${open}`);
}

/** Processes that ended by a stop in good order must have answered. */
function unfinishedStops(lines) {
  const stopping = new Set(lines.flatMap(({ what, pid }) => (what === 'stopping' ? [pid] : [])));
  for (const { what, pid } of lines) if (what === 'stopped') stopping.delete(pid);
  return [...stopping].map((pid) => [pid, 'without an end']);
}

/** A reader that goes on from its cursor after every death sees each event once, in order. */
function examineEvents(lines, { lost, doubled }) {
  const last = new Map();
  for (const { what, job, more } of lines) {
    if (what !== 'event') continue;
    const seq = Number(more.split(' ')[0]);
    const before = last.get(job) ?? 0;
    if (seq <= before) doubled.push(`event ${seq} of ${job} was delivered after ${before}`);
    else if (seq > before + 1) lost.push(`events ${before + 1} to ${seq - 1} of ${job} were never delivered`);
    last.set(job, Math.max(before, seq));
  }
}

function examineResults(lines, jobs, { violations }) {
  const orders = new Map(lines.flatMap(({ what, job, more }) => (what === 'submitting' ? [[job, more]] : [])));
  const keyOf = new Map(lines.flatMap(({ what, job, more }) => (what === 'acknowledged' ? [[more, job]] : [])));
  const cancelled = new Set(lines.flatMap(({ what, job }) => (what === 'cancelled' ? [job] : [])));
  for (const { spec, row } of jobs) {
    const key = keyOf.get(spec.id);
    if (key === undefined || !TERMINAL.has(row.status)) continue;
    const { status } = SHAPES[orders.get(key)];
    if (!status.includes(row.status)) violations.push(`${key} ended ${row.status}; it must end ${status.join(' or ')}`);
    if (cancelled.has(spec.id) && row.status !== 'CANCELLED')
      violations.push(`${key} is ${row.status} although its cancellation was acknowledged`);
  }
  for (const { what, job, more } of lines) {
    if (what !== 'result') continue;
    const key = keyOf.get(job);
    if (key === undefined) continue;
    const shape = SHAPES[orders.get(key)];
    const expected = shape.output === null ? 'no result' : JSON.stringify(sorted(shape.output(Number(key.split('-').at(-1)))));
    if (JSON.stringify(sorted(JSON.parse(more))) !== expected) violations.push(`${key} came to ${more} instead of ${expected}`);
  }
}

/** However the clock jumps, nothing ends before it began. */
function examineTimes(jobs, { violations }) {
  for (const { spec, row, tasks } of jobs) {
    const spans = [{ name: 'it', row }, ...tasks.map((each) => ({ name: `"${each.spec.key}"`, row: each.row }))];
    for (const { name, row: own } of spans) {
      const { startedAt, finishedAt } = own;
      if (![startedAt, finishedAt].every(Number.isFinite)) violations.push(`${spec.id}: ${name} has no number for its times`);
      else if (startedAt > 0 && finishedAt > 0 && finishedAt < startedAt)
        violations.push(`${spec.id}: ${name} ended ${startedAt - finishedAt} ms before it began`);
    }
  }
}

function sorted(value) {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function count(lines) {
  const of = (test) => lines.filter(test).length;
  const starts = lines.filter(({ what }) => what === 'start');
  const acknowledged = new Set(lines.flatMap(({ what, job }) => (what === 'acknowledged' ? [job] : [])));
  const tries = new Map();
  for (const { what, job } of lines) if (what === 'submitting') tries.set(job, (tries.get(job) ?? 0) + 1);
  return {
    processes: of(({ what }) => what === 'boot'),
    submitted: tries.size,
    acknowledged: acknowledged.size,
    unknownSubmits: [...tries.values()].reduce((sum, times) => sum + times - 1, 0),
    refused: of(({ what }) => what === 'refused'),
    startsRefused: of(({ what }) => what === 'start-refused'),
    reads: of(({ what, more }) => what === 'read' && more !== '0'),
    started: starts.length,
    recovered: starts.filter(({ more }) => more.includes(' RECOVERED ')).length,
    retried: starts.filter(({ more }) => !more.startsWith('1 ')).length,
    completed: of(({ what, more }) => what === 'event' && more.endsWith(' TASK_COMPLETED')),
    suspended: of(({ what, more }) => what === 'event' && more.endsWith(' TASK_SUSPENDED')),
    events: of(({ what }) => what === 'event'),
    stepsKept: of(({ what }) => what === 'step-kept'),
    cancelled: of(({ what }) => what === 'cancelled'),
    cancelsLost: of(({ what }) => what === 'cancel-lost'),
    resumed: of(({ what }) => what === 'resumed'),
    results: of(({ what }) => what === 'result'),
    stopped: of(({ what }) => what === 'stopping'),
  };
}
