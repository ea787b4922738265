// npm run bench:api: measures the GraphQL API of @taskloom/nest beside a bare server that answers the same from memory.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { load, readFacts } from '../measure/facts.mjs';
import { medians, report } from './report.mjs';
import { sections } from './sections.mjs';
import { startServer } from './servers/server.mjs';

const RESULTS = new URL('../results/', import.meta.url);
const HELP = `Measures the GraphQL API beside a bare GraphQL Yoga with graphql-ws, in one run.

  npm run bench:api -- [options]

  --only a,b      of ${Object.keys(sections).join(', ')}; default: all
  --runs N        rounds, each with fresh servers; default 3
  --seconds N     how long each query is asked; default 5
  --quick         one short round; says whether it works, not how fast it is
  --no-write      writes no result file
`;

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string', default: Object.keys(sections).join(',') },
    runs: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: true },
    help: { type: 'boolean', default: false },
  },
});
const names = options.only.split(',');
const unknown = names.find((name) => !(name in sections));
if (options.help || unknown !== undefined) {
  if (unknown !== undefined) console.error(`There is no section "${unknown}".\n`);
  console.log(HELP);
  process.exit(options.help ? 0 : 2);
}
const isQuick = options.quick;
const runs = Number(options.runs ?? (isQuick ? 1 : 3));
const seconds = Number(options.seconds ?? (isQuick ? 1 : 5));

const facts = readFacts();
const rounds = [];
for (let round = 0; round < runs; round += 1) {
  for (const name of names) {
    const [taskloom, yoga] = await Promise.all([startServer('taskloom'), startServer('yoga')]);
    try {
      const measured = await sections[name]({ taskloom, yoga, seconds, isQuick });
      rounds.push(measured);
      for (const { what, server, value, unit } of measured) console.log(`${round + 1} ${what}: ${server} ${value.toFixed(2)} ${unit}`);
    } finally {
      await Promise.all([taskloom.stop(), yoga.stop()]);
    }
  }
}
const result = { facts: { ...facts, loadAfter: load() }, runs, lines: medians(rounds) };
console.log(`\n${report(result)}`);
if (options.write && !isQuick) {
  mkdirSync(RESULTS, { recursive: true });
  const name = `api-${facts.date.slice(0, 16).replace(':', '').replace('T', '-')}-${facts.commit.replaceAll(' ', '-')}`;
  writeFileSync(new URL(`${name}.json`, RESULTS), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, RESULTS), `# The API\n\n${report(result)}\n`);
}
