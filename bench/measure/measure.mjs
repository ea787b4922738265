import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('run-once.mjs', import.meta.url));
const TIMEOUT_MS = 300_000;

/**
 * One run in a fresh process and a fresh folder.
 *
 * @param {import('../engines/index.mjs').EngineEntry} engine
 * @param {string} workload
 * @param {{ execArgv?: string[] }} [options]
 * @returns {Promise<import('./run-once.mjs').Measurement>}
 * @throws Error with what went wrong in the run
 */
export async function measure(engine, workload, { execArgv = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-bench-'));
  try {
    return await inFreshProcess({ module: engine.module.href, options: engine.options ?? {}, workload, folder }, engine, execArgv);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inFreshProcess(order, { execPath = process.execPath, timeoutMs = TIMEOUT_MS }, execArgv) {
  return new Promise((resolve, reject) => {
    const child = fork(PROGRAM, [], { execPath, execArgv, env: { ...process.env, NODE_NO_WARNINGS: '1' } });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    let answer = null;
    child.once('message', (message) => (answer = message));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (answer?.measurement) resolve(answer.measurement);
      else reject(new Error(answer?.error ?? `The process ended without a result (${signal ?? `exit code ${code}`}).`));
    });
    child.send(order);
  });
}
