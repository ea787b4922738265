import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LiveTerminal } from '@taskloom/terminal';

import { runCli } from '../../src/cli.js';
import type { ExitCode, StopCode } from '../../src/terminal/terminal.js';

export interface JobRun {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface JobRunOptions {
  readonly env?: { readonly [name: string]: string | undefined };
  /** What comes by standard input. */
  readonly input?: string;
  /** Where the command stands. Default: a folder with nothing in it. */
  readonly directory?: string;
  /** Default: a pipe. */
  readonly stdout?: LiveTerminal;
  readonly stopped?: Promise<StopCode>;
  /** Told all that was printed so far, whenever there is more. */
  readonly onOut?: (out: string) => void;
}

/** Runs `taskloom job …` in this process. */
export async function runJob(args: readonly string[], options: JobRunOptions = {}): Promise<JobRun> {
  const { env = {}, input = '', stdout, stopped = new Promise<StopCode>(() => {}), onOut } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'taskloom-cli-empty-'));
  let out = '';
  let err = '';
  const print = (text: string): void => {
    out += text;
    onOut?.(out);
  };
  const pipe: LiveTerminal = { write: print, on: () => {}, off: () => {} };
  const code = await runCli(['job', ...args], {
    out: stdout ? (text) => void stdout.write(text) : print,
    err: (text) => {
      err += text;
    },
    stdout: stdout ?? pipe,
    pretty: false,
    input: async () => input,
    directory,
    env,
    nowMs: () => Date.now(),
    stopped: () => stopped,
  });
  if (options.directory === undefined) rmSync(directory, { recursive: true });
  return { code, out, err };
}

/** Of `--json`. */
export function jsonOf({ out }: JobRun): unknown {
  return JSON.parse(out);
}

/** Of `--json` where something went wrong. */
export function errorOf({ err }: JobRun): { readonly code: string; readonly message: string; readonly remedy: string } {
  return (JSON.parse(err) as { error: { code: string; message: string; remedy: string } }).error;
}
