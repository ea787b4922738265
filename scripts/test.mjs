// npm test: sets the clone up as far as needed, then runs every check and every test. Ends with one line of numbers.
import { checkNode } from './setup/check-node.mjs';

checkNode();

const { exitWith } = await import('./setup/exit-with.mjs');
const { setUp } = await import('./setup/set-up.mjs');
const { step } = await import('./setup/step.mjs');
const { checks } = await import('./test/checks.mjs');
const { runAllTests } = await import('./test/jest-runs.mjs');

await setUp().catch((error) => {
  process.on('exit', () => conclude(0, 1));
  exitWith(error);
});

let failedChecks = 0;
for (const [label, check] of checks) {
  const { ok } = await show(label, check);
  if (!ok) failedChecks += 1;
}
const tests = await show('Run the tests', runAllTests);
if (tests.skipped > 0) console.log(`  ${tests.skipped} skipped`);
conclude(tests.passed, tests.failed + failedChecks);

/** Quiet when all is well, everything the tool said when it is not. */
async function show(label, act) {
  const result = await step(label, act);
  if (!result.ok) console.log(`\n${result.output.trim()}\n`);
  return result;
}

function conclude(passed, failed) {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
