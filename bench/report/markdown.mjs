import { cellsOf, columns } from './columns.mjs';
import { growthOf } from './summary.mjs';

/** @typedef {{ facts: ReturnType<typeof import('../measure/facts.mjs').readFacts> & { loadAfter: number }, runs: number, sections: import('./summary.mjs').Section[] }} Result */

/** @param {Result} result */
export function toMarkdown({ facts, runs, sections }) {
  const { date, commit, node, sqlite, platform, cores, memoryGiB, fsyncP50Ms, loadBefore, loadAfter } = facts;
  return [
    `${date.slice(0, 10)}, commit ${commit}. Node ${node}, SQLite ${sqlite}, ${platform}, ${cores} cores, ${memoryGiB} GiB; one page and fsync ${fsyncP50Ms} ms (p50); load ${loadBefore} before, ${loadAfter} after. Medians of ${runs} fresh ${runs === 1 ? 'process' : 'processes'}.`,
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

function table(head, rows) {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
