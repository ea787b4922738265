import { defineWorkload } from './workload.mjs';

const DIAMOND = [[], [0], [0], [0], [1, 2, 3]];

const diamonds = (count) => Array.from({ length: count }, () => DIAMOND);

/** Many small jobs at once, in a process that has just started. */
export function diamondsCold() {
  return defineWorkload({ name: 'w4', title: '200 diamonds of 5 at once', graphs: diamonds(200) });
}

/** Many small jobs at once, in a process that has been at work for a while. */
export function diamondsWarm() {
  return defineWorkload({
    name: 'w4-warm',
    title: '2,000 diamonds of 5 at once, after 2,000 others',
    graphs: diamonds(2_000),
    warmUp: diamonds(2_000),
  });
}
