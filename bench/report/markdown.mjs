import { cellsOf, columns } from './columns.mjs';
import { growthOf } from './summary.mjs';
import { targetsOf } from './targets.mjs';

/** @typedef {{ facts: ReturnType<typeof import('../measure/facts.mjs').readFacts> & { loadAfter: number }, runs: number, sections: import('./summary.mjs').Section[], peers?: { versions: Record<string, string>, servers: Record<string, string>, notes: Record<string, string> } }} Result */

/** @param {Result} result */
export function toMarkdown({ facts, runs, sections, peers }) {
  const { date, commit, node, nodeOptions, sqlite, platform, cores, memoryGiB, fsyncP50Ms, loadBefore, loadAfter } = facts;
  return [
    `${date.slice(0, 10)}, commit ${commit}. Node ${node}${nodeOptions === '' ? '' : ` with \`NODE_OPTIONS=${nodeOptions}\``}, SQLite ${sqlite}, ${platform}, ${cores} cores, ${memoryGiB} GiB; one page and fsync ${fsyncP50Ms} ms (p50); load ${loadBefore} before, ${loadAfter} after. Medians of ${runs} fresh ${runs === 1 ? 'process' : 'processes'}.`,
    ...sections.map(({ name, title, lines }) =>
      [
        `**${name}**, ${title}`,
        '',
        table(
          columns.map((column) => column.title),
          lines.map(cellsOf),
        ),
      ].join('\n'),
    ),
    ...growth(sections),
    ...targets(sections),
    ...notes(peers),
  ].join('\n\n');
}

function growth(sections) {
  const rows = growthOf(sections).map(({ engine, costRatio, bytesPerTask }) => [
    engine,
    costRatio.toFixed(2),
    (bytesPerTask / 1_000).toFixed(2),
  ]);
  return rows.length === 0
    ? []
    : [
        [
          '**Growth** from 10,000 to 100,000 tasks in one job',
          '',
          table(['engine', 'cost of a task, times', 'memory, kB a task'], rows),
        ].join('\n'),
      ];
}

function targets(sections) {
  const rows = targetsOf(sections).map(({ what, must, reached, isMet }) => [what, must, reached, isMet]);
  return rows.length === 0 ? [] : [['**Targets** of our engine', '', table(['what', 'must be', 'is', 'reached'], rows)].join('\n')];
}

/** What a reader must know of the others before comparing speeds. */
function notes(peers) {
  if (!peers) return [];
  const lines = Object.entries(peers.notes).map(([name, note]) => `- **${name}**: ${note}`);
  const versions = Object.entries(peers.versions).map(([name, version]) => `${name} ${version}`);
  const about = [...Object.values(peers.servers), ...versions].join('; ');
  return [['**The peers**, and what they do not do', '', ...lines].join('\n'), `Measured with ${about}.`];
}

function table(head, rows) {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
