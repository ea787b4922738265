// npm run campaign: the fault campaign. Ends with one line of numbers, and with 1 when a guarantee was broken or too little was done.
import { parts } from './phases/index.mjs';
import { HELP, readOptions } from './options.mjs';
import { seeded, seedFor } from './random.mjs';
import { readFacts, writeResult } from './result.mjs';
import { Tally } from './tally.mjs';

let options;
try {
  options = readOptions(process.argv.slice(2), Object.keys(parts));
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(2);
}
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const { loadAuditor } = await import('./auditor.mjs');

const { cycles, seed, only, isFull } = options;
const facts = readFacts();
console.log(
  `commit ${facts.commit}, Node ${facts.node}; npm run campaign -- --seed ${seed} --cycles ${cycles} repeats this choice of jobs and faults`,
);
const tally = new Tally((text) => console.log(text));
const auditor = await loadAuditor();
const startedAt = Date.now();
const durations = {};
for (const name of only) {
  const { title, run } = parts[name];
  const from = Date.now();
  const before = { passed: tally.passed, failed: tally.failed };
  console.log(`\n${name}: ${title}`);
  await run({ auditor, cycles, seed, random: seeded(seedFor(seed, name)), tally, progress: progressOf(name) }).catch((error) => {
    tally.check(name, [error.stack ?? String(error)]);
  });
  durations[name] = Math.round((Date.now() - from) / 1_000);
  const counts = Object.entries(tally.counters[name] ?? {}).map(([what, value]) => `${what} ${value}`);
  console.log(`  ${counts.join(', ')}`);
  console.log(`  ${tally.passed - before.passed} passed, ${tally.failed - before.failed} failed, ${durations[name]} s`);
}

const result = {
  ...facts,
  seed,
  isFull,
  parts: only,
  ...tally.totals,
  passed: tally.passed,
  failed: tally.failed,
  durationS: Math.round((Date.now() - startedAt) / 1_000),
  durations,
  counters: tally.counters,
  problems: tally.problems,
};
const file = writeResult(result, options.out);
if (file) console.log(`\nWritten to ${file}`);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 ? 0 : 1);

/** One line for each tenth, so that a log shows that it goes on. */
function progressOf(name) {
  let shown = 0;
  return (done, all) => {
    const tenth = Math.floor((10 * done) / all);
    if (tenth <= shown) return;
    shown = tenth;
    console.log(`  ${name} ${done}/${all}`);
  };
}
