import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Arena } from './arena.mjs';
import { Child } from './child.mjs';

const SHAPES = ['large', 'tiny', 'slow', 'doomed'];
const REFUSED = 3;
const AFTER_REFUSAL_MS = 150;

/**
 * One process from the first migration to the last commit (submit, claim, complete, retry, fail, cancel), in which one system call
 * goes wrong; where that has not let it finish, another one after it.
 *
 * @param {object} auditor
 * @param {{ calls: string, fault: string, nth: number, isForEver?: boolean }} what the calls that count, and what happens at the n-th
 *   (and, for ever, at every one after it): `signal=SIGKILL` or `error=EIO`
 * @returns {Promise<{ hasFired: boolean, isRefused: boolean, audit: Awaited<ReturnType<Arena['audit']>> }>}
 */
export async function runWithFault(auditor, { calls, fault, nth, isForEver = false }) {
  const arena = new Arena(auditor);
  try {
    const trace = `${arena.folder}/trace`;
    const isKill = fault.startsWith('signal');
    // strace delivers no signal from behind a seccomp filter; errors it does, and the filter makes the rest of the process fast.
    const filter = isKill ? [] : ['--seccomp-bpf'];
    const inject = `inject=${calls}:${fault}:when=${nth}${isForEver ? '+' : ''}`;
    const child = new Child({ wrap: ['strace', '-f', '-qq', '-o', trace, ...filter, '-e', `trace=${calls}`, '-e', inject] });
    const submits = SHAPES.map((shape, n) => ({ key: `job-${shape}-${n}`, shape, base: n }));
    child.begin(arena.order({ seed: nth, submits, cancelShare: 1, drain: true }));
    if (isForEver) {
      await Promise.race([child.exited, child.says('unavailable').then(() => delay(AFTER_REFUSAL_MS))]);
      child.kill('SIGKILL');
    }
    const done = await child.says('done');
    const { code, signal } = await child.exited;
    const hasFired = isKill ? signal === 'SIGKILL' : readFileSync(trace, 'utf8').includes('(INJECTED)');
    const problems = [];
    if (child.complaints !== '') problems.push(`the process complained: ${child.complaints.slice(0, 500)}`);
    if (!isKill && !isForEver && code !== 0 && code !== REFUSED) problems.push(`the process ended with ${signal ?? code}`);
    const first = await arena.audit();
    problems.push(...first.violations);
    const last = done === null || first.open > 0 ? await arena.drain(nth) : first;
    const audit = {
      ...last,
      lost: [...first.lost, ...last.lost],
      doubled: [...first.doubled, ...last.doubled],
      violations: [...problems, ...last.violations],
    };
    if (audit.jobs !== SHAPES.length) audit.lost.push(`${audit.jobs} jobs are there instead of ${SHAPES.length}`);
    return { hasFired, isRefused: code === REFUSED, audit };
  } finally {
    arena.remove();
  }
}

/** Whether a longer path may follow: how many points in a row may be missed by chance before the end is believed. */
const MISSES_AT_END = 3;
const MOST_POINTS = 2_000;

/**
 * Puts the fault at one point after the other until the path has no more of them.
 *
 * @param {(nth: number) => Promise<boolean>} act says whether the fault was reached
 * @param {{ first: number, step: number }} points
 */
export async function atEachPoint(act, { first, step }) {
  let misses = 0;
  for (let nth = first; misses < MISSES_AT_END && nth <= MOST_POINTS; nth += step) misses = (await act(nth)) ? 0 : misses + 1;
}
