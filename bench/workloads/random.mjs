/**
 * A small generator of pseudo-random numbers (mulberry32), so that every run of every engine sees the same graph.
 *
 * @param {number} seed
 * @returns {(below: number) => number} whole numbers from 0, smaller than `below`
 */
export function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
