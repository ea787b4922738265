import { median } from '../measure/statistics.mjs';
import { targets } from './targets.mjs';

/** Medians of the rounds, by what and by server. */
export function medians(rounds) {
  const values = new Map();
  for (const { what, server, value, unit } of rounds.flat()) {
    const byServer = values.get(what) ?? new Map();
    values.set(what, byServer);
    const known = byServer.get(server) ?? { unit, all: [] };
    byServer.set(server, known);
    known.all.push(value);
  }
  return [...values].map(([what, byServer]) => ({
    what,
    servers: [...byServer].map(([server, { unit, all }]) => ({ server, unit, median: median(all), all })),
  }));
}

/** As Markdown: readable in a terminal, too. */
export function report({ facts, runs, lines }) {
  const rows = lines.map(
    ({ what, servers }) =>
      `| ${what} | ${servers.map(({ server, median: middle, unit }) => `${server} ${shown(middle)} ${unit}`).join(' · ')} |`,
  );
  const met = targets.flatMap(({ what, needs: [line, first, second], reached, must, most }) => {
    const servers = lines.find((candidate) => candidate.what === line)?.servers;
    const of = (name) => servers?.find(({ server }) => server === name)?.median;
    if (of(first) === undefined || of(second) === undefined) return [];
    const value = reached(of(first), of(second));
    const isMet = must === undefined ? value <= most : value >= must;
    return [`| ${what} | ${must === undefined ? `≤ ${most}` : `≥ ${must}`} | ${shown(value)} | ${isMet ? 'yes' : 'no'} |`];
  });
  return [
    `Measured ${facts.date.slice(0, 16).replace('T', ' ')} at ${facts.commit}. Node ${facts.node}, ${facts.platform}, ${facts.cores} cores; load ${facts.loadBefore} before, ${facts.loadAfter} after. Medians of ${runs} rounds.`,
    ['| what | |', '| --- | --- |', ...rows].join('\n'),
    ...(met.length > 0 ? [['| target | must be | is | reached |', '| --- | ---: | ---: | ---: |', ...met].join('\n')] : []),
  ].join('\n\n');
}

function shown(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
