import { setTimeout as delay } from 'node:timers/promises';
import { Arena } from '../arena.mjs';
import { Child } from '../child.mjs';
import { mixedJobs } from '../orders.mjs';

const CYCLES_OF_A_ROUND = 25;
const LEAST_MS = 5;
const MOST_MS = 260;
const MOST_START_MS = 25;
const STARTING_EVERY = 8;
/** So often the kill is aimed at a submission that has no answer yet: at any other moment hardly one is under way. */
const AIMED_EVERY = 3;
const MOST_AIMED_MS = 2;
const ENOUGH_FOR_CHANCE = 50;

/** SIGKILL at random moments, over and over, on one database for each round; then every job must come to its end. */
export const kills = {
  title: 'Kill the process at any moment',
  async run({ auditor, random, cycles, tally, progress }) {
    let arena = null;
    let spare = new Child();
    let hits = 0;
    for (let cycle = 0; hits < cycles && cycle < 2 * cycles + 10; cycle += 1) {
      arena ??= new Arena(auditor);
      const isStarting = cycle % STARTING_EVERY === STARTING_EVERY - 1;
      const isAimed = !isStarting && cycle % AIMED_EVERY === 0;
      const submits = mixedJobs(`c${cycle}`);
      const order = arena.order({
        seed: Math.floor(random() * 2 ** 31),
        submits,
        spreadMs: 60,
        announces: isAimed ? submits[Math.floor(random() * submits.length)].key : null,
        cancelShare: 0.6,
      });
      // The next process loads its modules while this one works.
      const child = spare.begin(order);
      spare = new Child();
      const waited = await child.says(isStarting ? 'starting' : isAimed ? 'submitting' : 'started');
      if (isAimed) await soon(Math.floor(random() * (MOST_AIMED_MS + 1)));
      else await delay(isStarting ? random() * MOST_START_MS : LEAST_MS + random() * (MOST_MS - LEAST_MS));
      const isHit = child.kill('SIGKILL');
      await child.exited;
      if (isHit) hits += 1;
      const problems = [];
      if (!waited) problems.push('the process ended before it was killed');
      if (child.complaints !== '') problems.push(`the process complained: ${child.complaints.slice(0, 500)}`);
      const audit = await arena.audit();
      tally.checkAudit(`cycle ${cycle}`, { ...audit, violations: [...problems, ...audit.violations] });
      tally.count('kills', { hits: Number(isHit), inAttempts: Number(audit.isInAttempt), whileStarting: Number(isStarting) });
      if (cycle % CYCLES_OF_A_ROUND === CYCLES_OF_A_ROUND - 1 || hits >= cycles) {
        await endRound(arena, { seed: cycle, tally });
        arena = null;
      }
      progress(hits, cycles);
    }
    spare.kill('SIGKILL');
    // How often chance brings something about says nothing in a short run.
    const often = (share) => (cycles >= ENOUGH_FOR_CHANCE ? cycles * share : 0);
    tally.demand('kills', {
      hits: cycles,
      acknowledged: cycles * 8,
      completed: cycles * 30,
      inAttempts: often(0.5),
      whileStarting: often(0.05),
      unknownSubmits: often(0.2),
      recovered: often(0.5),
      retried: often(1),
      suspended: often(1),
      stepsKept: often(1),
      cancelled: often(0.1),
      cancelsLost: often(0.3),
    });
  },
};

/** A timer takes a millisecond at least, and the half of all submissions are answered by then. */
async function soon(ms) {
  if (ms > 0) await delay(ms);
}

async function endRound(arena, { seed, tally }) {
  const audit = await arena.drain(seed);
  tally.checkAudit('after the last kill of a round', audit);
  tally.count('kills', audit.counts);
  arena.remove();
}
