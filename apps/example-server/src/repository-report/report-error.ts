/**
 * Every failure a person can do something about: what went wrong, and what helps. One registry, so that each code keeps one meaning and one
 * remedy. Failures of single files are no errors; they are reported beside the numbers (see `BatchStats`).
 */
const REMEDIES = {
  ROOT_NOT_FOUND: 'Give the path of an existing directory.',
  ROOT_NOT_DIRECTORY: 'Give the path of a directory, not of a file.',
  ROOT_NOT_READABLE: 'Give this user the right to read and enter the directory, or run as a user who may.',
  PATH_OUTSIDE_ROOT: 'Give paths below the root, relative to it, with "/" between the parts.',
  BATCH_TOO_LARGE: 'Split the list of paths into smaller batches.',
  SINCE_NOT_A_DATE: 'Give a date as 2025-01-31 or a time as 2025-01-31T12:00:00Z (or with an offset, +02:00).',
  COMMIT_NOT_A_HASH: 'Give the full hash of a commit, as identifyRepository reports it.',
  GIT_NOT_INSTALLED: 'Install git (https://git-scm.com/downloads) and see that it is on the PATH.',
  GIT_UNSAFE_DIRECTORY: 'If you trust the directory, allow it once with the command in the message, or run as its owner.',
  GIT_FAILED: 'Run the command in the message by hand in that directory; "git fsck" finds damaged repositories.',
  OUT_NOT_DIRECTORY: 'Give a directory for the report (--out DIR), or move the file that is in its place.',
  STATE_NOT_WRITABLE: 'Run it where this user may write, and move away what is in the place of the folder.',
  OUT_NOT_WRITABLE: 'Give a directory this user may write to (--out DIR), or free some space on it.',
} as const;

/** A code of the registry, for programs; its meaning never changes. */
export type ReportErrorCode = keyof typeof REMEDIES;

/** An error with a code for programs and a remedy for people. `message` already ends with the remedy. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly remedy: string;

  constructor(
    readonly code: ReportErrorCode,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${problem} ${REMEDIES[code]}`, options);
    this.remedy = REMEDIES[code];
  }
}

/** The system's code of a failure, such as `ENOENT`, or undefined where there is none. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
