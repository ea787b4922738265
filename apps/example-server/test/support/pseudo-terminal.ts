import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CTRL_C = '\u0003';

/** Whether this machine has util-linux's `script`, which gives a program a terminal. */
export const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

export interface TerminalRun {
  readonly code: number | null;
  /** All that was written to the terminal. */
  readonly written: string;
}

/**
 * Runs the server in a terminal of its own; `size` as `stty` takes it. Where `pressCtrlCAt` matches what was written, Ctrl-C is pressed.
 */
export async function runInTerminal(
  args: readonly string[],
  {
    cwd,
    size,
    env = {},
    pressCtrlCAt,
  }: { readonly cwd: string; readonly size?: string; readonly env?: NodeJS.ProcessEnv; readonly pressCtrlCAt?: RegExp },
): Promise<TerminalRun> {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', `${size === undefined ? '' : `stty ${size};`} exec ${command}`, '/dev/null'], {
    cwd,
    env: { ...withoutSettings(), TERM: 'xterm-256color', ...env },
  });
  let written = '';
  let isPressed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    if (isPressed || pressCtrlCAt?.test(written) !== true) return;
    isPressed = true;
    child.stdin.write(CTRL_C);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, written }));
  });
}

function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(GIT_|JEST_|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$|NO_COLOR$|CI$)/.test(name)),
  );
}
