const ROUNDS = 4;
/** Where it looks as if it grew more than in proportion, it may be something else on the machine: the best of so many tells. */
const MOST_ROUNDS = 24;
const DOUBTFUL = 40;

/**
 * How many times longer the work of the large size takes than that of the small one. A bound on growth in place of a bound on
 * time: other things that the machine has to do slow down both sizes. Each counts with the best of its rounds, taken in turn.
 * @param prepare makes ready, untimed, what is then timed
 */
export function growth(small: number, large: number, prepare: (size: number) => () => void): number {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS || (round < MOST_ROUNDS && best[1]! / best[0]! > DOUBTFUL); round += 1) {
    for (const [side, size] of [small, large].entries()) {
      const work = prepare(size);
      const startedAt = performance.now();
      work();
      best[side] = Math.min(best[side]!, performance.now() - startedAt);
    }
  }
  return best[1]! / best[0]!;
}

/** For ten times the size: in proportion is 10, and some 50 where only the small one fits the caches; the square is 100 and then 500. */
export const IN_PROPORTION_TIMES_10 = 80;
