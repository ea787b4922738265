import { randomFrom } from './random.mjs';

const LAYERS = 20;
const MOST_DEPENDENCIES = 3;
const SEED = 20_251_121;

/**
 * A random graph in 20 layers of equal width: each task depends on one to three tasks of the layer before. The same
 * for the same number of tasks.
 *
 * @param {number} tasks a multiple of 20
 * @returns {import('./workload.mjs').Graph}
 */
export function layeredGraph(tasks) {
  const random = randomFrom(SEED);
  const width = tasks / LAYERS;
  return Array.from({ length: tasks }, (_, no) => {
    const layer = Math.floor(no / width);
    if (layer === 0) return [];
    const wanted = 1 + random(MOST_DEPENDENCIES);
    const chosen = new Set();
    while (chosen.size < wanted) chosen.add((layer - 1) * width + random(width));
    return [...chosen];
  });
}
