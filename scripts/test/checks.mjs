import { join } from 'node:path';
import { root, turboBin } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';

const node = (file, ...args) => run(process.execPath, [file, ...args]);
const dependency = (...path) => join(root, 'node_modules', ...path);

/** Everything that is checked without running the code: a label and an act that answers `{ ok, output }`. */
export const checks = [
  ['Lint', () => node(dependency('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings')],
  ['Check the format', () => node(dependency('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.')],
  ['Check the import orders', () => node(join(root, 'scripts', 'checks', 'import-orders.mjs'))],
  ['Check the documentation', () => node(join(root, 'scripts', 'docs', 'check.mjs'))],
  [
    'Check the generated files',
    () =>
      run(process.execPath, [join(root, 'packages', 'cli', 'bin', 'taskloom.js'), 'generate', '--check'], {
        cwd: join(root, 'apps', 'example-server'),
      }),
  ],
  ['Check the types', () => node(turboBin, 'run', 'typecheck', '--continue', '--output-logs=errors-only')],
];
