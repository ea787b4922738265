import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { otherBuild, ownEngines } from './engines/index.mjs';
import { workloads } from './workloads/index.mjs';

const DEFAULT_RUNS = 5;
const QUICK = ['w1', 'w2', 'w3', 'w4', 'w5'];

export const HELP = `Measures the engine beside the limit of its store, in one run.

  npm run bench -- [options]

  --workloads w1,w3   these, or those that begin so; default: all (${Object.keys(workloads).join(', ')})
  --engines a,b       these, or those that begin so; default: all
  --runs N            fresh processes for each engine and workload; default ${DEFAULT_RUNS}
  --quick             ${QUICK.join(', ')} once each
  --build DIR         measures a copy of packages/core/dist beside the current one, under the folder's name; may be given several times
  --peers             also other engines: installs them (bench/peers), starts PostgreSQL and Redis for them and stops them again
  --docs              puts the result into docs/benchmarks.md
  --no-write          writes no result file
`;

/** @throws Error that says what is wrong with the arguments */
export async function readOptions(args) {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      workloads: { type: 'string' },
      engines: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      build: { type: 'string', multiple: true, default: [] },
      peers: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      write: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  const engines = [...ownEngines, ...(values.peers ? await readPeers() : []), ...values.build.map(readBuild)];
  const runs = Number(values.runs ?? (values.quick ? 1 : DEFAULT_RUNS));
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${values.runs}; it must be a whole number from 1.`);
  const named = values.workloads ? choose('workload', values.workloads, Object.keys(workloads)) : Object.keys(workloads);
  const names = engines.map(({ name }) => name);
  const chosen = values.engines ? choose('engine', values.engines, names) : names;
  return {
    ...values,
    runs,
    workloads: values.quick && !values.workloads ? QUICK : named,
    engines: engines.filter(({ name }) => chosen.includes(name)),
  };
}

/** They have a package of their own, with its own lockfile, because of what they bring along. */
async function readPeers() {
  const { installPeers } = await import('./peers/prepare.mjs');
  installPeers();
  const { listPeers } = await import('./peers/index.mjs');
  return listPeers();
}

function choose(what, list, names) {
  return list.split(',').flatMap((text) => {
    const wanted = text.trim();
    const found = names.includes(wanted) ? [wanted] : names.filter((name) => name.startsWith(wanted));
    if (found.length === 0) throw new Error(`There is no ${what} "${text}"; there are ${names.join(', ')}.`);
    return found;
  });
}

function readBuild(folder) {
  const entry = join(resolve(process.env.INIT_CWD ?? '.', folder), 'index.js');
  if (!existsSync(entry)) throw new Error(`--build ${folder}: there is no index.js.`);
  return otherBuild(`taskloom(${basename(dirname(entry))})`, pathToFileURL(entry));
}
