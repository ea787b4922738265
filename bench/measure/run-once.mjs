// Runs one workload on one engine, in a process that does nothing else, and sends what it measured to its parent.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CONCURRENCY, countTasks } from '../workloads/workload.mjs';
import { workloads } from '../workloads/index.mjs';
import { Recorder } from './recorder.mjs';
import { quantile } from './statistics.mjs';

const SAMPLED_EVERY_MS = 1;
const NANOSECONDS_PER_MS = 1e6;
const US_PER_MS = 1_000;

/** @typedef {Awaited<ReturnType<typeof runOnce>>} Measurement */

/** @param {{ module: string, options: Record<string, unknown>, workload: string, folder: string }} order */
async function runOnce({ module, options, workload: name, folder }) {
  const workload = workloads[name]();
  const { open } = await import(module);
  const session = await open({ ...options, folder, concurrency: CONCURRENCY });
  if (workload.warmUp.length > 0) await runRecorded(session, workload.warmUp, workload);
  const measured = await runRecorded(session, workload.graphs, workload);
  const rssBytes = process.resourceUsage().maxRSS * 1024;
  await session.close();
  return { ...measured, rssBytes };
}

async function runRecorded(session, graphs, { taskMs, needs }) {
  const recorder = new Recorder(graphs, { taskMs, concurrency: CONCURRENCY });
  const loopDelay = monitorEventLoopDelay({ resolution: SAMPLED_EVERY_MS });
  loopDelay.enable();
  const fromUs = monotonicUs();
  const cpuBefore = process.cpuUsage();
  recorder.begin();
  const { submitMs, cancelMs = null } =
    needs === 'cancel'
      ? await session.cancel(graphs[0], recorder.runTask)
      : await session.run(graphs, recorder.runTask, { isWatched: needs === 'watch' });
  const totalMs = performance.now() - recorder.beganAt;
  const cpu = process.cpuUsage(cpuBefore);
  const window = { fromUs, toUs: monotonicUs() };
  loopDelay.disable();
  // A cancelled job ends without most of its tasks.
  if (cancelMs === null) recorder.check();
  const latencies = recorder.latencies();
  // What is sampled is the time between two samples, so an idle loop shows the interval itself.
  // A loop that never came to its timers has no sample, and was late for all of the time.
  const delayMs = (nanoseconds) => (loopDelay.count === 0 ? totalMs : Math.max(0, nanoseconds / NANOSECONDS_PER_MS - SAMPLED_EVERY_MS));
  return {
    tasks: countTasks(graphs),
    totalMs,
    cpuMs: (cpu.user + cpu.system) / US_PER_MS,
    window,
    submitMs,
    cancelMs,
    latencyP50Ms: quantile(latencies, 0.5),
    latencyP99Ms: quantile(latencies, 0.99),
    loopP99Ms: delayMs(loopDelay.percentile(99)),
    loopMaxMs: delayMs(loopDelay.max),
  };
}

/** The clock of V8's profiles. */
function monotonicUs() {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** A failure is an answer too. */
async function answer(order) {
  const found = await runOnce(order).then(
    (measurement) => ({ measurement }),
    (error) => ({ error: error instanceof Error ? error.stack : String(error) }),
  );
  // Not `process.exit`: a profile is written when the process ends by itself.
  process.send(found, () => process.disconnect());
}

process.once('message', (order) => void answer(order));
