import type { LiveTerminal } from '@taskloom/terminal';

/** Where a command writes, and what it asks of the world. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where `out` goes, for what is drawn there. */
  readonly stdout: LiveTerminal;
  /** Whether a person reads `err` there, in colours. */
  readonly pretty: boolean;
  /** All that comes by standard input. */
  readonly input: () => Promise<string>;
  /** Where the command stands. */
  readonly directory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly nowMs: () => number;
  /** For commands that go on for ever: comes when they are to end, with the code to end with. */
  readonly stopped: () => Promise<StopCode>;
}

/** Ctrl-C, or a polite kill. */
export type StopCode = 130 | 143;

/**
 * 0 done, fresh or well, or the job completed · 1 errors, stale files, something that is not well, or the job failed · 2 the
 * command was misused · 3 the server cannot be reached · 4 not there, or not for this caller · 5 the server refused it.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | StopCode;
