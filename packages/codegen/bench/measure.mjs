// node bench/measure.mjs [CLASSES] [RUNS]: how long the generator takes beside a bare walk of the same project, and its memory.
// Prints medians. Every run is a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathOf, sourceOf, writeProject } from './project.mjs';

const classes = Number(process.argv[2] ?? 200);
const runs = Number(process.argv[3] ?? 5);
const cli = fileURLToPath(new URL('../../cli/bin/taskloom.js', import.meta.url));
const floor = fileURLToPath(new URL('floor.mjs', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));

for (const kind of ['plain', 'zod']) {
  const folder = writeProject(classes, kind);
  const generate = (...args) => timed(folder, cli, 'generate', ...args);
  const rows = { floor: [], cold: [], unchanged: [], changed: [] };
  // In turns, so that what else goes on here troubles all alike.
  for (let run = 0; run < runs; run += 1) {
    rows.floor.push(timed(folder, floor, join(folder, 'tsconfig.json')));
    rmSync(join(folder, 'src/generated'), { recursive: true, force: true });
    rows.cold.push(generate('--force'));
    rows.unchanged.push(generate());
  }
  rows.changed = await changesInWatch(folder, kind, runs);
  say(`\n${classes} classes, ${kind}`);
  for (const [name, results] of Object.entries(rows)) say(`  ${name.padEnd(10)} ${describe(results)}`);
  say(`  cold / floor ${ratio(rows, 'ms')} (processor time ${ratio(rows, 'cpuMs')})`);
  rmSync(folder, { recursive: true });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function ratio({ cold, floor: bare }, key) {
  return (median(cold, key) / median(bare, key)).toFixed(2);
}

function timed(cwd, ...command) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', probe, ...command], { cwd, encoding: 'utf8' });
  const ms = performance.now() - startedAt;
  if (status !== 0) throw new Error(stderr);
  const found = /PROBE (\{.*\})/.exec(stderr);
  return { ms, ...JSON.parse(found[1]) };
}

/** Changes one file again and again; the time is the one from the write to the line that says it is done. */
async function changesInWatch(folder, kind, count) {
  const child = spawn(process.execPath, [cli, 'generate', '--watch'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let onText = () => {};
  child.stdout.on('data', (chunk) => {
    text += chunk;
    onText();
  });
  const done = () =>
    new Promise((resolve) => {
      onText = () => {
        if (!text.includes('Waiting for changes')) return;
        const said = text;
        text = '';
        resolve(said);
      };
      onText();
    });
  await done();
  const results = [];
  for (let run = 0; run < count + 1; run += 1) {
    const [startedAt, before] = [performance.now(), processorMs(child.pid)];
    writeFileSync(join(folder, pathOf(3)), sourceOf(3, kind, kind === 'zod' ? `more${run}: z.string(),` : `more${run}: string;`));
    await done();
    const rssBytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1_024;
    results.push({ ms: performance.now() - startedAt, cpuMs: processorMs(child.pid) - before, rssBytes });
  }
  child.kill();
  // The first change finds everything cold.
  return results.slice(1);
}

/** Processor time of a process so far; its clock ticks a hundred times a second. */
function processorMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function median(results, key) {
  const values = results.map((result) => result[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

function describe(results) {
  const parts = [`${Math.round(median(results, 'ms'))} ms`];
  if (results[0].cpuMs !== undefined)
    parts.push(`processor ${Math.round(median(results, 'cpuMs'))} ms`, `memory ${Math.round(median(results, 'rssBytes') / 1_048_576)} MiB`);
  return parts.join(', ');
}
