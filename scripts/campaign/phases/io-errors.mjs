import { atEachPoint, runWithFault } from '../traced.mjs';
import { straceProblem } from '../tools.mjs';

const LEAST_POINTS = 200;
const FULL = 1_000;
const FOR_EVER_STEP = 12;

const SINGLE = [
  { calls: 'pwrite64', fault: 'error=ENOSPC', every: 1 },
  { calls: 'pwrite64', fault: 'error=EIO', every: 2 },
  { calls: 'fsync,fdatasync', fault: 'error=EIO', every: 1 },
  { calls: 'ftruncate', fault: 'error=EIO', every: 1 },
  // From here on every write fails, until the process is gone and the disk is well again.
  { calls: 'pwrite64', fault: 'error=ENOSPC', every: FOR_EVER_STEP, isForEver: true },
  { calls: 'fsync,fdatasync', fault: 'error=EIO', every: 3, isForEver: true },
];

/** Each write and each flush fails once, and some fail from then on: what was acknowledged is there, and nothing is half there. */
export const ioErrors = {
  title: 'Fail each write with EIO and ENOSPC',
  async run({ auditor, random, cycles, tally, progress }) {
    const problem = straceProblem();
    if (problem) return tally.check('io-errors', [problem]);
    const scale = Math.max(1, Math.round(FULL / cycles));
    for (const [index, { every, ...what }] of SINGLE.entries()) {
      const step = every * scale;
      await atEachPoint(
        async (nth) => {
          const { hasFired, isRefused, audit } = await runWithFault(auditor, { ...what, nth });
          tally.checkAudit(`${what.fault} at ${what.calls} ${nth}${what.isForEver ? ' and after' : ''}`, audit);
          tally.count('io-errors', { points: Number(hasFired), startsRefusedOrderly: Number(isRefused), ...audit.counts });
          return hasFired;
        },
        { first: 1 + Math.floor(random() * step), step },
      );
      progress(index + 1, SINGLE.length);
    }
    tally.demand('io-errors', {
      points: LEAST_POINTS / scale,
      refused: cycles >= FULL ? 20 : 0,
      startsRefusedOrderly: cycles >= FULL ? 20 : 0,
    });
  },
};
