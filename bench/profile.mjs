// npm run bench:profile -- WORKLOAD [ENGINE]: where the time of one run goes, by function, until the jobs are submitted and after.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from './measure/measure.mjs';
import { readProfile } from './measure/read-profile.mjs';
import { readOptions } from './options.mjs';

const SHOWN = 40;
const SAMPLED_EVERY_US = 100;
const US_PER_MS = 1_000;

const [workload = 'w3', engineName = 'taskloom', ...rest] = process.argv.slice(2);
const { engines } = await readOptions(['--workloads', workload, '--engines', engineName, ...rest]);
const [engine] = engines;
const folder = mkdtempSync(join(tmpdir(), 'taskloom-profile-'));
try {
  const execArgv = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLED_EVERY_US}`];
  const { tasks, totalMs, submitMs, window } = await measure(engine, workload, { execArgv });
  const file = join(folder, readdirSync(folder)[0]);
  const submittedUs = window.fromUs + submitMs * US_PER_MS;
  console.log(`${workload} on ${engine.name}: ${Math.round(tasks / (totalMs / 1_000)).toLocaleString('en')} tasks/s while profiled`);
  show(`Until the jobs are submitted, ${submitMs.toFixed(0)} ms`, readProfile(file, { ...window, toUs: submittedUs }));
  show(`After, ${(totalMs - submitMs).toFixed(0)} ms`, readProfile(file, { ...window, fromUs: submittedUs }));
} finally {
  rmSync(folder, { recursive: true });
}

function show(title, lines) {
  console.log(`\n${title}\n    self  self ms  with what it calls`);
  for (const { name, place, selfMs, totalMs, share } of lines.slice(0, SHOWN)) {
    const numbers = [`${(100 * share).toFixed(1)} %`.padStart(8), selfMs.toFixed(1).padStart(8), totalMs.toFixed(1).padStart(8)];
    console.log(`${numbers.join(' ')}  ${name.padEnd(28)} ${place}`);
  }
}
