import { setTimeout as delay } from 'node:timers/promises';
import { Arena } from '../arena.mjs';
import { Child } from '../child.mjs';
import { mixedJobs } from '../orders.mjs';

const CYCLES_OF_A_ROUND = 20;
const MOST_MS = 150;
const SHARE = 1 / 10;

/** SIGTERM in the middle of work: the process ends in good order and leaves nothing that says it still runs. */
export const stops = {
  title: 'Stop the process in good order',
  async run({ auditor, random, cycles: all, tally, progress }) {
    const cycles = Math.max(5, Math.round(all * SHARE));
    let arena = null;
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      arena ??= new Arena(auditor);
      const order = arena.order({ seed: cycle, submits: mixedJobs(`c${cycle}`), spreadMs: 40, cancelShare: 0.3 });
      const child = new Child().begin(order);
      await child.says('started');
      await delay(random() * MOST_MS);
      child.kill('SIGTERM');
      const { code, signal } = await child.exited;
      const audit = await arena.audit();
      const problems = [];
      if (code !== 0) problems.push(`the process ended with ${signal ?? code}: ${child.complaints.slice(0, 500)}`);
      if (audit.isInAttempt) problems.push('an attempt is under way although the process has stopped');
      tally.checkAudit(`stop ${cycle}`, { ...audit, violations: [...problems, ...audit.violations] });
      tally.count('stops', { withOpenJobs: Number(audit.open > 0) });
      if (cycle % CYCLES_OF_A_ROUND === CYCLES_OF_A_ROUND - 1 || cycle === cycles - 1) {
        const last = await arena.drain(cycle);
        tally.checkAudit('after the last stop of a round', last);
        tally.count('stops', last.counts);
        arena.remove();
        arena = null;
      }
      progress(cycle + 1, cycles);
    }
    tally.demand('stops', { stopped: cycles, withOpenJobs: cycles * 0.5, completed: cycles * 30, recovered: cycles >= 20 ? 1 : 0 });
  },
};
