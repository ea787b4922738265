// npm run bench: runs every chosen workload on every chosen engine, each time in a fresh process, and shows and writes medians.
import { load, readFacts } from './measure/facts.mjs';
import { measure } from './measure/measure.mjs';
import { HELP, readOptions } from './options.mjs';
import { summarize } from './report/summary.mjs';
import { showGrowth, showSection, showTargets } from './report/terminal.mjs';
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

const { engines, peers, stop } = await withServers(options.engines);
const facts = readFacts();
console.log(
  `Node ${facts.node}, SQLite ${facts.sqlite}, ${facts.cores} cores, one page and fsync ${facts.fsyncP50Ms} ms, load ${facts.loadBefore}`,
);
const sections = [];
try {
  for (const name of options.workloads) {
    const section = await runWorkload(name);
    sections.push(section);
    console.log(showSection(section));
  }
} finally {
  await stop();
}
console.log(showGrowth(sections));
console.log(showTargets(sections));

const result = { facts: { ...facts, loadAfter: load() }, runs: options.runs, sections, ...(peers ? { peers } : {}) };
if (options.write) console.log(`\nWritten to ${writeResult(result)}`);
if (options.docs) writeToDocs(result);
process.exitCode = sections.some(({ lines }) => lines.some(({ error }) => error)) ? 1 : 0;

/** Engines take turns, so that whatever else the machine does hits them alike. */
async function runWorkload(name) {
  const { title, graphs, needs } = workloads[name]();
  const able = engines.filter(({ does = [], skips = {} }) => (needs === null || does.includes(needs)) && !skips[name]);
  const outcomes = new Map(able.map((engine) => [engine.name, []]));
  for (let round = 0; round < options.runs; round += 1) {
    for (const engine of able) {
      const outcome = await measure(engine, name).then(
        (measurement) => ({ measurement }),
        (error) => ({ error: error.message }),
      );
      outcomes.get(engine.name).push(outcome);
    }
  }
  return summarize({ name, title, tasks: countTasks(graphs) }, outcomes);
}

/** What the peers among the engines need is started here; `stop` ends it. */
async function withServers(chosen) {
  if (!options.peers) return { engines: chosen, peers: null, stop: async () => undefined };
  const { peerVersions, startServers } = await import('./peers/prepare.mjs');
  const isPeer = ({ note }) => note !== undefined;
  const servers = await startServers(chosen.filter(isPeer));
  const notes = Object.fromEntries(servers.peers.map(({ name, note, skips }) => [name, skips ? `${note} ${skipped(skips)}` : note]));
  return {
    engines: [...chosen.filter((engine) => !isPeer(engine)), ...servers.peers],
    peers: { versions: peerVersions(), servers: servers.about, notes },
    stop: servers.stop,
  };
}

function skipped(skips) {
  return `Left out: ${Object.entries(skips)
    .map(([workload, why]) => `${workload} (${why})`)
    .join(', ')}.`;
}
