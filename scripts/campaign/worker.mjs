/*
 * One process with an engine: takes up what is there, submits what it is told, follows every job from where an earlier process
 * stopped reading, and notes in the witness ledger what it does and what it is told. It ends when it is killed, told to stop
 * (SIGTERM), or, as a drain, when every job has ended.
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { defineWork } from './agents.mjs';
import { core } from './core.mjs';
import { MAX_PARALLEL } from './limits.mjs';
import { seeded } from './random.mjs';
import { openWitness } from './witness.mjs';

/**
 * @typedef {object} Order what the controller writes to standard input, as one line of JSON
 * @property {string} path the database
 * @property {string} witness the ledger
 * @property {number} seed
 * @property {readonly { key: string, shape: string, base: number }[]} submits in this order, spread over `spreadMs`
 * @property {number} spreadMs
 * @property {string | null} announces the key of the submission that it says beforehand
 * @property {readonly { id: string, afterSeq: number, isCancelled: boolean }[]} follows jobs that an earlier process was told of
 * @property {string | null} ended a job that an earlier process has seen end
 * @property {number} cancelShare of the slow jobs, how many are cancelled
 * @property {boolean} drain whether to end when all jobs have
 * @property {boolean} serves whether to go on after a refusal, and read meanwhile
 */

const REPEAT_MS = 25;
/** Two deaths before a task runs alone, and five while it does. */
const DEATHS_BEFORE_PARKED = 7;
/** Too short for most attempts, so that a stop hands some of them back. */
const GRACE_MS = 1;

const say = (what, more = {}) => process.stdout.write(`${JSON.stringify({ say: what, ...more })}\n`);

/** @type {Order} */
const order = await toldToBegin();
const note = openWitness(order.witness);
const random = seeded(order.seed);
const { workflows, definitions } = defineWork({ note, random });

const warnings = [];
// Also where nobody asks for anything any more, and only what attempts come to, or what is to start, cannot be written.
const tellOfRefusal = (data) => data?.code === 'STORE_UNAVAILABLE' && say('unavailable', { act: 'log' });
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_message, data) => tellOfRefusal(data),
  error: (message, data) => {
    warnings.push(message);
    tellOfRefusal(data);
  },
};
// What ended long ago by a clock that is years ahead is asked for, too.
const engine = core.createEngine({ store: { path: order.path }, maxParallel: MAX_PARALLEL, logger, retention: 0 });
engine.register(...definitions);

say('starting');
let report;
try {
  report = await engine.start();
} catch (error) {
  if (!core.isTaskloomError(error)) throw error;
  note('start-refused', '', '', error.code);
  say('refused', { code: error.code, message: error.message });
  process.exit(3);
}
note('boot', '', '', `${report.jobs.length} ${report.requeued} ${report.parked} ${report.failed}`);

let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
  note('stopping');
  void engine.stop({ graceMs: GRACE_MS }).then(() => {
    note('stopped');
    process.exit(0);
  });
});
say('started', { recovered: report.jobs.length, requeued: report.requeued });

const ends = order.follows.map((job) => follow(job));
if (order.ended !== null) ends.push(cancelEnded(order.ended));
if (order.serves) void readAllTheTime();
for (const submit of order.submits) {
  if (order.spreadMs > 0) await delay((random() * 2 * order.spreadMs) / order.submits.length);
  const id = await acknowledged(submit);
  if (id === null) continue;
  ends.push(follow({ id, afterSeq: 0, isCancelled: false }));
  if (submit.shape === 'slow' && random() < order.cancelShare) ends.push(cancelSoon(id));
}
say('submitted');
if (order.drain) {
  await runParkedAgain();
  await Promise.all(ends);
  await engine.stop();
  note('stopped');
  say('done', { errors: warnings });
  process.exit(0);
}

async function toldToBegin() {
  const lines = createInterface({ input: process.stdin });
  const line = await new Promise((resolve) => lines.once('line', resolve));
  lines.close();
  process.stdin.destroy();
  return JSON.parse(line);
}

/** A task that was cut off again and again, at last while it ran alone, waits for an operator to look at it: here one does. */
async function runParkedAgain() {
  for (let page, after; page?.hasNextPage !== false; after = page.cursors.at(-1)) {
    page = await engine.reader.tasks({ status: ['BLOCKED'], ofOpenJobs: true }, { first: 100, ...(after && { after }) });
    for (const { id, jobId, no, key } of page.items.filter(({ statusReason }) => statusReason === 'MANUAL')) {
      const deaths = (await engine.reader.taskHistory({ jobId, no })).filter(({ type }) => type === 'TASK_ABANDONED').length;
      if (deaths < DEATHS_BEFORE_PARKED) note('wrong', jobId, key, `it was parked after ${deaths} deaths`);
      await engine.resumeTask(id, { as: 'RERUN', reason: 'campaign' });
      note('resumed', jobId, key);
    }
  }
}

/** The id of a job that the engine has answered for; `null` when it was refused and is not to be tried again. */
async function acknowledged({ key, shape, base }) {
  for (;;) {
    note('submitting', key, '', shape);
    if (key === order.announces) say('submitting');
    try {
      const { id } = await engine.startWorkflow(workflows[shape], { base }, { idempotencyKey: key });
      note('acknowledged', key, '', id);
      return id;
    } catch (error) {
      if (isStopping) return null;
      refused(error, 'submit', key);
      // The caller does what callers do: the same again, under the same key.
      await delay(REPEAT_MS);
    }
  }
}

/** Reads the job's events from a cursor to its end, and notes each when it has come. */
async function follow({ id, afterSeq, isCancelled }) {
  let cursor = afterSeq;
  for await (const { seq, type, taskKey } of engine.events(id, { afterSeq })) {
    note('event', id, taskKey ?? '', `${seq} ${type}`);
    if (seq !== cursor + 1) note('wrong', id, taskKey ?? '', `event ${seq} came after ${cursor}`);
    cursor = seq;
  }
  if (isStopping || isCancelled) return;
  await engine
    .job(id)
    .result()
    .then(
      (output) => note('result', id, '', JSON.stringify(output)),
      (error) => note('ended', id, '', error.code ?? String(error)),
    );
}

async function cancelSoon(id) {
  await delay(random() * 60);
  for (;;) {
    note('cancelling', id);
    try {
      await engine.cancelJob(id, { reason: 'campaign' });
      note('cancelled', id);
      return;
    } catch (error) {
      if (isStopping) return;
      if (error.code === 'JOB_ALREADY_TERMINAL') return note('cancel-lost', id);
      refused(error, 'cancel', id);
      await delay(REPEAT_MS);
    }
  }
}

/** What has ended before the process began stays as it is: the cancellation loses, and says so. */
async function cancelEnded(id) {
  try {
    await engine.cancelJob(id, { reason: 'campaign' });
    note('wrong', id, '', 'a job that had ended was cancelled');
  } catch (error) {
    if (isStopping) return;
    if (error.code === 'JOB_ALREADY_TERMINAL') note('cancel-lost', id);
    else refused(error, 'cancel', id);
  }
}

/** A store that cannot write still answers what it has. */
async function readAllTheTime() {
  for (;;) {
    await delay(REPEAT_MS);
    if (isStopping) return;
    const { items } = await engine.reader.jobs({}, { first: 20 });
    note('read', '', '', items.length);
  }
}

/** A refusal has the store's code; anything else is a defect that the audit finds in the ledger. */
function refused(error, act, subject) {
  if (error.code === 'STORE_UNAVAILABLE') {
    note('refused', subject, '', act);
    say('unavailable', { act });
  } else {
    note('wrong', subject, '', `${act}: ${error.code ?? ''} ${error.message}`.replaceAll(/\s+/g, ' '));
    throw error;
  }
}
