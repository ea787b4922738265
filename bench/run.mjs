// npm run bench: runs every chosen workload on every chosen engine, each time in a fresh process, and shows and writes medians.
import { load, readFacts } from './measure/facts.mjs';
import { measure } from './measure/measure.mjs';
import { HELP, readOptions } from './options.mjs';
import { summarize } from './report/summary.mjs';
import { showGrowth, showSection } from './report/terminal.mjs';
import { writeResult, writeToDocs } from './report/write-result.mjs';
import { countTasks } from './workloads/workload.mjs';
import { workloads } from './workloads/index.mjs';

const options = await readOptions(process.argv.slice(2)).catch((error) => {
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(2);
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const facts = readFacts();
console.log(
  `Node ${facts.node}, SQLite ${facts.sqlite}, ${facts.cores} cores, one page and fsync ${facts.fsyncP50Ms} ms, load ${facts.loadBefore}`,
);
const sections = [];
for (const name of options.workloads) {
  const section = await runWorkload(name);
  sections.push(section);
  console.log(showSection(section));
}
console.log(showGrowth(sections));

const result = { facts: { ...facts, loadAfter: load() }, runs: options.runs, sections };
if (options.write) console.log(`\nWritten to ${writeResult(result)}`);
if (options.docs) writeToDocs(result);
process.exitCode = sections.some(({ lines }) => lines.some(({ error }) => error)) ? 1 : 0;

/** Engines take turns, so that whatever else the machine does hits them alike. */
async function runWorkload(name) {
  const outcomes = new Map(options.engines.map((engine) => [engine.name, []]));
  for (let round = 0; round < options.runs; round += 1) {
    for (const engine of options.engines) {
      const outcome = await measure(engine, name).then(
        (measurement) => ({ measurement }),
        (error) => ({ error: error.message }),
      );
      outcomes.get(engine.name).push(outcome);
    }
  }
  const { title, graphs } = workloads[name]();
  return summarize({ name, title, tasks: countTasks(graphs) }, outcomes);
}
