/** Where a command writes, and what it asks of the world. */
export interface CliStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person reads it there. */
  readonly pretty: boolean;
  /** Paths are shown relative to this directory. */
  readonly from: string;
  /** The time, as files are stamped with it. */
  readonly nowMs: () => number;
}

/** 0 done or fresh; 1 the sources have errors, or generated files are stale; 2 the command was misused. */
export type ExitCode = 0 | 1 | 2;
