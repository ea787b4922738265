import { defineWorkload } from './workload.mjs';

const WIDTH = 5_000;

/** One task releases 5,000, and one waits for all of them. */
export function fan() {
  const middle = Array.from({ length: WIDTH }, (_, index) => index + 1);
  const graph = [[], ...middle.map(() => [0]), middle];
  return defineWorkload({ name: 'w2', title: '1 → 5,000 → 1', graphs: [graph] });
}
