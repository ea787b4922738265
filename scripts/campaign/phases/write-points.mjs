import { atEachPoint, runWithFault } from '../traced.mjs';
import { straceProblem } from '../tools.mjs';

const LEAST_POINTS = 100;
const FULL = 1_000;

/** SIGKILL at every single write and every flush to disk on the way from an empty file to finished jobs: enumerated, not sampled. */
export const writePoints = {
  title: 'Kill the process at each write system call',
  async run({ auditor, random, cycles, tally, progress }) {
    const problem = straceProblem();
    if (problem) return tally.check('write-points', [problem]);
    const step = Math.max(1, Math.round(FULL / cycles));
    for (const calls of ['pwrite64', 'fsync,fdatasync']) {
      const first = 1 + Math.floor(random() * step);
      await atEachPoint(
        async (nth) => {
          const { hasFired, audit } = await runWithFault(auditor, { calls, fault: 'signal=SIGKILL', nth });
          tally.checkAudit(`SIGKILL at ${calls} ${nth}`, audit);
          tally.count('write-points', { points: Number(hasFired), ...audit.counts });
          if (nth % 50 === 0) progress(nth, 250);
          return hasFired;
        },
        { first, step },
      );
    }
    tally.demand('write-points', {
      points: LEAST_POINTS / step,
      unknownSubmits: cycles >= FULL ? 1 : 0,
      recovered: cycles >= FULL ? 1 : 0,
    });
  },
};
