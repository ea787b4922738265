import { defineWorkload } from './workload.mjs';

const TASKS = 2_000;

/** Tasks that wait, as agents do: the engine only has to keep all places taken. At 20 ms and 100 places 5,000 tasks/s would be ideal. */
export function waiting() {
  return defineWorkload({ name: 'w5', title: '2,000 tasks of 20 ms', graphs: [Array.from({ length: TASKS }, () => [])], taskMs: 20 });
}
