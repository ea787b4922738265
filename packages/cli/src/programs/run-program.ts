import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const TIMEOUT_MS = 60_000;

/**
 * Runs a program of this package in a process of its own, in the folder of a project: the project's code and its database
 * driver, which it loads, may end the process. Returns what it printed.
 *
 * @param name as tsup.config.ts has it
 * @throws Error with one line that says why it failed, also where it took more than a minute
 */
export async function runProgram(name: 'first-run' | 'try-engine', args: readonly string[], folder: string): Promise<string> {
  try {
    const options = { cwd: folder, timeout: TIMEOUT_MS };
    return (await promisify(execFile)(process.execPath, ['--no-warnings', pathOf(name), ...args], options)).stdout;
  } catch (error) {
    throw new Error(reasonOf(error as Ended), { cause: error });
  }
}

interface Ended {
  readonly message: string;
  readonly stderr?: string;
  /** It took too long. */
  readonly killed?: boolean;
}

/** The line of an uncaught error that says what it is. */
function reasonOf({ message, stderr = '', killed = false }: Ended): string {
  if (killed) return `it had not ended after ${TIMEOUT_MS / 1_000} s`;
  const line = stderr.split('\n').find((one) => /^\w*Error\b/.test(one));
  return (line ?? message.split('\n', 1)[0]!).replace(/^\w*Error(?: \[\w+\])?: /, '');
}

/** Built beside this file, or found from the sources in this package's own tests. */
function pathOf(name: string): string {
  const beside = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
}
