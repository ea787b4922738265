import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BASH = '/bin/bash';
const COMMAND = fileURLToPath(new URL('../../bin/taskloom.js', import.meta.url));

/** Whether this machine has util-linux's `script`, which gives a program a terminal. */
export const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

export interface ProcessRun {
  readonly code: number | null;
  /** All that was written, to a terminal or to both pipes. */
  readonly written: string;
}

/** The command as a shell would take it. */
export function shellCommand(args: readonly string[]): string {
  return [process.execPath, COMMAND, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}

export interface ShellOptions {
  /** As `stty` takes it: the line runs in a terminal of its own. */
  readonly size?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to do, once, when what was written matches. */
  readonly reaction?: { readonly at: RegExp; readonly act: (child: ChildProcessWithoutNullStreams) => void };
}

/** Runs a line of shell to its end. */
export function runShell(line: string, { size, env = {}, reaction }: ShellOptions = {}): Promise<ProcessRun> {
  const [program, args] =
    size === undefined ? ([BASH, ['-c', line]] as const) : (['script', ['-qec', `stty ${size}; ${line}`, '/dev/null']] as const);
  // `script` asks SHELL; what a shell does after Ctrl-C is each shell's own, so it is always the same one.
  const child = spawn(program, [...args], { env: { ...plainEnvironment(), SHELL: BASH, TERM: 'xterm-256color', ...env } });
  let written = '';
  let hasReacted = false;
  const take = (text: string): void => {
    written += text;
    if (hasReacted || reaction?.at.test(written) !== true) return;
    hasReacted = true;
    reaction.act(child);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, written }));
  });
}

function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TASKLOOM_|JEST_|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$|NO_COLOR$|CI$)/.test(name)),
  );
}
