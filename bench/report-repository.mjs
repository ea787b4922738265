// npm run bench:report-repository: times the example application, as a whole process, over a synthetic repository.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readFacts } from './measure/facts.mjs';
import { median } from './measure/statistics.mjs';
import { writeRepository } from './repository/synthetic-repository.mjs';
import { timeProcess } from './repository/time-process.mjs';

const APPLICATION = fileURLToPath(new URL('../apps/example-server/dist/main.js', import.meta.url));
const TARGET_S = 60;
const BYTES_PER_MB = 1_048_576;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    commits: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '3' },
  },
});
const [files, commits, runs] = [values.files, values.commits, values.runs].map(Number);
if (![files, commits, runs].every((value) => Number.isInteger(value) && value > 0))
  fail('--files, --commits and --runs are whole numbers from 1.');
if (!existsSync(APPLICATION)) fail('The example application is not built: run `npm run setup` first.');

const folder = mkdtempSync(join(tmpdir(), 'taskloom-bench-'));
try {
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  await writeRepository(repository, { files, commits });
  const facts = readFacts();
  console.log(`Node ${facts.node}, ${facts.cores} cores, load ${facts.loadBefore}; a repository of ${files} files and ${commits} commits`);

  const ruler = await timeProcess('git', ['log', '--numstat', '--format=%H %ae %aI'], { cwd: repository });
  console.log(`  git log --numstat alone: ${seconds(ruler.wallMs)} s`);
  const times = [];
  for (let run = 1; run <= runs; run += 1) times.push(await report(repository, run));
  const middle = median(times);
  console.log(`  median ${seconds(middle)} s, ${(middle / ruler.wallMs).toFixed(1)} times git log alone; the target is ${TARGET_S} s`);
  process.exitCode = middle / 1_000 < TARGET_S ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One report in a working folder of its own, so that no run finds what another has left. */
async function report(repository, run) {
  const cwd = join(folder, `run-${run}`);
  const out = join(cwd, 'out');
  mkdirSync(cwd);
  const { wallMs, rssBytes } = await timeProcess(process.execPath, [APPLICATION, '--once', repository, '--out', out], { cwd });
  const { totals } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  if (totals.files !== files || totals.commits !== commits)
    throw new Error(`The report counts ${totals.files} files and ${totals.commits} commits; there are ${files} and ${commits}.`);
  console.log(`  run ${run}: ${seconds(wallMs)} s${rssBytes === null ? '' : `, peak ${Math.round(rssBytes / BYTES_PER_MB)} MB`}`);
  return wallMs;
}

function seconds(ms) {
  return (ms / 1_000).toFixed(2);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
