/** Where a command writes, and what it asks of the world. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person reads it there, in colours. */
  readonly pretty: boolean;
  /** Where the command stands. */
  readonly directory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly nowMs: () => number;
  /** For commands that go on for ever: comes when they are to end. */
  readonly stopped: () => Promise<unknown>;
}

/** 0 done, fresh or well; 1 errors, stale files or something that is not well; 2 the command was misused. */
export type ExitCode = 0 | 1 | 2;
