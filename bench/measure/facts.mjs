import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, loadavg, platform, arch, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Database } from '../engines/sqlite-driver.mjs';
import { quantile } from './statistics.mjs';

const PAGES = 300;
const PAGE_BYTES = 4_096;
const BYTES_PER_GIB = 1_073_741_824;

/** Where and of what a result was measured; nothing that names the machine or its folders. */
export function readFacts() {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    node: process.versions.node,
    nodeOptions: process.env.NODE_OPTIONS ?? '',
    sqlite: sqliteVersion(),
    platform: `${platform()} ${arch()}`,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / BYTES_PER_GIB),
    fsyncP50Ms: fsyncP50Ms(),
    loadBefore: load(),
  };
}

/** How much else the machine had to do in the last minute. */
export function load() {
  return Number(loadavg()[0].toFixed(2));
}

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain', '--', '../../packages/core/src', '../engines', '../workloads', '../measure') !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

function sqliteVersion() {
  const database = new Database(':memory:');
  const version = database.prepare('SELECT sqlite_version()').pluck().get();
  database.close();
  return version;
}

/** What one durable write of a page costs here: a disk with a fast write cache flatters everything that commits often. */
function fsyncP50Ms() {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-fsync-'));
  const file = openSync(join(folder, 'pages'), 'a');
  const page = Buffer.alloc(PAGE_BYTES, 1);
  const times = Float64Array.from({ length: PAGES }, () => {
    const startedAt = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return Number(quantile(times.sort(), 0.5).toFixed(3));
}
