/**
 * Jobs to submit in one cycle: mostly small ones, one that is large, one that fails, one that waits, one that may be cancelled.
 * The last part of a key is the number that the job computes with.
 *
 * @param {string} prefix
 * @param {{ dag?: number, tiny?: number, slow?: number }} [more]
 */
export function mixedJobs(prefix, { dag = 1, tiny = 5, slow = 1 } = {}) {
  const wanted = { tiny, slow, dag, large: 1, later: 1, doomed: 1 };
  return Object.entries(wanted)
    .flatMap(([shape, times]) => Array.from({ length: times }, () => shape))
    .map((shape, n) => ({ key: `${prefix}-${shape}-${n}`, shape, base: n }));
}
