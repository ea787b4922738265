import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root, turboBin } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';
import { workspaceFolders } from '../setup/workspace-folders.mjs';

const RESULTS = 'test-results.json';

/**
 * Runs the tests of every package and of the scripts, two packages at a time.
 * @returns {Promise<{ ok: boolean, output: string, passed: number, failed: number, skipped: number }>}
 */
export async function runAllTests() {
  const files = foldersWithTests().map((folder) => join(root, folder, RESULTS));
  await Promise.all(files.map((file) => rm(file, { force: true })));

  const jestArgs = ['--json', `--outputFile=${RESULTS}`, '--passWithNoTests'];
  // --only, since everything is built, and since turbo would count these arguments to Jest as a change of the builds.
  const turboArgs = ['run', 'test', 'test:scripts', '--only', '--concurrency=2', '--continue', '--output-logs=errors-only'];
  const { ok, output } = await run(process.execPath, [turboBin, ...turboArgs, '--', ...jestArgs]);

  const runs = files.map(readRun);
  const sum = (key) => runs.reduce((total, counts) => total + counts[key], 0);
  const failed = sum('failed');
  return {
    ok: ok && failed === 0,
    output,
    passed: sum('passed'),
    failed: ok ? failed : Math.max(failed, 1),
    skipped: sum('skipped'),
  };
}

function foldersWithTests() {
  const hasTests = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts?.test;
  return ['.', ...workspaceFolders().filter(hasTests)];
}

/** A suite that could not even start counts as one failed test, and so does a run that left no results. */
function readRun(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
