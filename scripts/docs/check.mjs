// node scripts/docs/check.mjs: holds the documentation against the code it tells of. Needs a build.
import { existsSync } from 'node:fs';
import { graphqlProblems } from './graphql-samples.mjs';
import { linkProblems } from './links.mjs';
import { versionProblems } from './package-versions.mjs';
import { generatedPages } from './pages.mjs';
import { pathOf, read } from './repository.mjs';
import { sampleProblems } from './samples.mjs';
import { stateMachineProblems } from './state-machine.mjs';

const stale = [];
for (const { path, make } of generatedPages) {
  if (!existsSync(pathOf(path)) || read(path) !== (await make()))
    stale.push(`${path}: it is older than the code; run \`node scripts/docs/write.mjs\``);
}

const problems = [
  ...stale,
  ...(await stateMachineProblems()),
  ...versionProblems(),
  ...linkProblems(),
  ...graphqlProblems(),
  ...sampleProblems(),
];
for (const problem of problems) console.log(problem);
console.log(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the documentation`);
process.exitCode = problems.length === 0 ? 0 : 1;
