// node bench/measure.mjs [CLASSES] [RUNS] [plain|zod]: how long the generator takes beside a bare walk of the same project, and its memory.
// Prints medians. Every run is a process of its own; its helpers count with it. `1000 1` shows the memory of a large project.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pathOf, sourceOf, writeProject } from './project.mjs';

const classes = Number(process.argv[2] ?? 200);
const runs = Number(process.argv[3] ?? 5);
const kinds = process.argv[4] === undefined ? ['plain', 'zod'] : [process.argv[4]];
const cli = fileURLToPath(new URL('../../cli/bin/taskloom.js', import.meta.url));
const floor = fileURLToPath(new URL('floor.mjs', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
const records = mkdtempSync(join(tmpdir(), 'taskloom-codegen-probe-'));

for (const kind of kinds) {
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
  say(`  cold / floor     ${ratio(rows.cold, rows.floor, 'ms')} (processor time ${ratio(rows.cold, rows.floor, 'cpuMs')})`);
  say(`  changed / floor  ${ratio(rows.changed, rows.floor, 'ms')} (processor time ${ratio(rows.changed, rows.floor, 'cpuMs')})`);
  rmSync(folder, { recursive: true });
}
rmSync(records, { recursive: true });

function say(line) {
  process.stdout.write(`${line}\n`);
}

function ratio(results, bare, key) {
  return (median(results, key) / median(bare, key)).toFixed(2);
}

function timed(cwd, ...command) {
  const PROBE_FILE = join(records, 'run');
  writeFileSync(PROBE_FILE, '');
  const env = { ...process.env, PROBE_FILE, NODE_OPTIONS: `--import ${pathToFileURL(probe).href}` };
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, command, { cwd, env, encoding: 'utf8' });
  const ms = performance.now() - startedAt;
  if (status !== 0) throw new Error(stderr);
  const processes = readFileSync(PROBE_FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const sum = (key) => processes.reduce((total, one) => total + one[key], 0);
  return { ms, cpuMs: sum('cpuMs'), rssBytes: sum('rssBytes') };
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
  for (let run = 0; run < count; run += 1) {
    await idle(child.pid);
    const [startedAt, before] = [performance.now(), processorMs(child.pid)];
    writeFileSync(join(folder, pathOf(3)), sourceOf(3, kind, kind === 'zod' ? `more${run}: z.string(),` : `more${run}: string;`));
    await done();
    const ms = performance.now() - startedAt;
    results.push({
      ms,
      cpuMs: processorMs(child.pid) - before,
      rssBytes: processesOf(child.pid).reduce((sum, pid) => sum + peakBytes(pid), 0),
    });
  }
  child.kill();
  return results;
}

/** People do not type while the last change is still seen to: waits until the processes have nothing left to do. */
async function idle(pid) {
  let before = -1;
  for (let spent = busyMs(pid); spent !== before; spent = busyMs(pid)) {
    before = spent;
    await wait(300);
  }
}

function busyMs(pid) {
  return processesOf(pid).reduce((sum, one) => sum + processorMs(one), 0);
}

function processesOf(pid) {
  return [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)];
}

function peakBytes(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
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
  return `${Math.round(median(results, 'ms'))} ms, processor ${Math.round(median(results, 'cpuMs'))} ms, memory ${Math.round(median(results, 'rssBytes') / 1_048_576)} MiB`;
}
