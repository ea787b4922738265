import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} ProfileLine
 * @property {string} name the function
 * @property {string} place where it stands in the sources
 * @property {number} selfMs
 * @property {number} totalMs with everything it calls
 * @property {number} share of its self time in the whole
 */

/**
 * The time of each function inside a window of a profile, by self time, most first.
 *
 * @param {string} file a `.cpuprofile`
 * @param {{ fromUs: number, toUs: number }} window on the monotonic clock
 * @returns {ProfileLine[]}
 */
export function readProfile(file, { fromUs, toUs }) {
  const profile = JSON.parse(readFileSync(file, 'utf8'));
  const stackOf = stacksOf(profile.nodes);
  /** @type {Map<string, { callFrame: object, selfUs: number, totalUs: number }>} */
  const functions = new Map();
  let at = profile.startTime;
  let wholeUs = 0;
  profile.samples.forEach((id, index) => {
    const us = profile.timeDeltas[index];
    at += us;
    if (at < fromUs || at > toUs) return;
    wholeUs += us;
    stackOf(id).forEach(({ key, callFrame }, depth) => {
      let known = functions.get(key);
      if (!known) functions.set(key, (known = { callFrame, selfUs: 0, totalUs: 0 }));
      known.totalUs += us;
      if (depth === 0) known.selfUs += us;
    });
  });
  const maps = new Map();
  return [...functions.values()]
    .sort((a, b) => b.selfUs - a.selfUs)
    .map(({ callFrame, selfUs, totalUs }) => ({
      name: callFrame.functionName || '(anonymous)',
      place: placeOf(callFrame, maps),
      selfMs: selfUs / 1_000,
      totalMs: totalUs / 1_000,
      share: selfUs / wholeUs,
    }));
}

/** The functions on the stack of a sample, innermost first, each once. */
function stacksOf(nodes) {
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const byId = new Map(
    nodes.map(({ id, callFrame }) => [id, { key: `${callFrame.functionName} ${callFrame.url}:${callFrame.lineNumber}`, callFrame }]),
  );
  const known = new Map();
  const build = (id) => {
    const stack = new Map();
    for (let next = id; next !== undefined; next = parentOf.get(next)) {
      const node = byId.get(next);
      if (!stack.has(node.key)) stack.set(node.key, node);
    }
    return [...stack.values()];
  };
  return (id) => {
    if (!known.has(id)) known.set(id, build(id));
    return known.get(id);
  };
}

function placeOf({ url, lineNumber, columnNumber }, maps) {
  if (!url.startsWith('file:')) return url === '' ? 'native' : url;
  const path = fileURLToPath(url);
  if (!maps.has(path)) {
    const mapFile = `${path}.map`;
    maps.set(path, existsSync(mapFile) ? new SourceMap(JSON.parse(readFileSync(mapFile, 'utf8'))) : null);
  }
  const entry = maps.get(path)?.findEntry(lineNumber, columnNumber);
  if (entry?.originalSource) return `${entry.originalSource.replace(/^.*\/src\//, '')}:${entry.originalLine + 1}`;
  return `${path.replace(/^.*\/(node_modules|dist)\//, '').replace(/^.*\/bench\//, 'bench/')}:${lineNumber + 1}`;
}
