import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

const REMEDY = {
  linux: [
    'Debian, Ubuntu:   sudo apt-get install build-essential python3',
    'Fedora, RHEL:     sudo dnf install gcc-c++ make python3',
    'Alpine:           apk add build-base python3',
  ],
  darwin: ['Install Apple’s command line tools (they bring Python too):   xcode-select --install'],
  win32: [
    'Install “Desktop development with C++” of the Visual Studio Build Tools, and Python 3:',
    'winget install Microsoft.VisualStudio.2022.BuildTools Python.Python.3.12',
  ],
};

/** Looks for what compiling the SQLite driver takes. Windows finds its compiler through node-gyp, so only Python is sought there. */
export async function checkCompiler() {
  const windows = process.platform === 'win32';
  const tools = [
    [
      'Python 3',
      [process.env.PYTHON, process.env.npm_config_python, 'python3', 'python'],
      ['-c', 'import sys; sys.exit(sys.version_info < (3,))'],
    ],
    ...(windows
      ? []
      : [
          ['a C++ compiler', [process.env.CXX, 'c++', 'g++', 'clang++'], ['--version']],
          ['make', [process.env.MAKE, 'make', 'gmake'], ['--version']],
        ]),
  ];
  const missing = [];
  for (const [tool, commands, args] of tools) {
    if (!(await someRuns(commands, args))) missing.push(tool);
  }
  if (missing.length === 0) return;
  throw new SetupError(
    `Node ${process.versions.node} has no prebuilt SQLite driver, and to compile it, this machine lacks: ${missing.join(', ')}.`,
    [...(REMEDY[process.platform] ?? REMEDY.linux), 'Or use Node 22.14 or newer, which needs no compiler.'],
  );
}

async function someRuns(commands, args) {
  for (const command of commands) {
    if (command && (await run(command, args)).ok) return true;
  }
  return false;
}
