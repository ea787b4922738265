import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const SAMPLED_EVERY_MS = 50;
const BYTES_PER_KB = 1_024;

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<{ wallMs: number, rssBytes: number | null, output: string }>} `rssBytes` is the peak of the program's own
 *   process, known on Linux only
 * @throws Error with the end of what it said when it ends with anything but 0
 */
export async function timeProcess(program, args, { cwd } = {}) {
  const startedAt = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  let rssBytes = null;
  const timer = setInterval(() => (rssBytes = peakOf(child.pid) ?? rssBytes), SAMPLED_EVERY_MS);
  const [code, signal] = await once(child, 'close');
  const wallMs = performance.now() - startedAt;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? code}:\n${output.slice(-2_000)}`);
  return { wallMs, rssBytes, output };
}

function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) * BYTES_PER_KB;
  } catch {
    return null;
  }
}
