import { defineWorkload } from './workload.mjs';

const TASKS = 1_000;

/** Pure latency: there is never more than one task that can run. */
export function chain() {
  const graph = Array.from({ length: TASKS }, (_, no) => (no === 0 ? [] : [no - 1]));
  return defineWorkload({ name: 'w1', title: 'chain of 1,000', graphs: [graph] });
}
