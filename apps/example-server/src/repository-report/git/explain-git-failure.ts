import { ReportError } from '../report-error.js';

/** What a git command that ended badly left behind. */
export interface GitFailure {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly exitCode: number | null;
  /** The last few kilobytes git wrote to its error stream. */
  readonly stderr: string;
}

/** Whether git says that the directory is in no repository, or in one whose `.git` leads nowhere. */
export function saysNoRepository(stderr: string): boolean {
  return /not a git repository/i.test(stderr);
}

/** Turns git's complaint into an error with a code and a remedy. */
export function explainGitFailure(failure: GitFailure): ReportError {
  const { args, cwd, exitCode, stderr } = failure;
  if (/dubious ownership|unsafe repository/i.test(stderr)) {
    const directory = /'([^']+)'/.exec(stderr)?.[1] ?? cwd;
    return new ReportError(
      'GIT_UNSAFE_DIRECTORY',
      `git does not read ${cwd}, because the repository belongs to another user: git config --global --add safe.directory ${quote(directory)}.`,
    );
  }
  const said = stderr.trim().split('\n').slice(-3).join(' ') || 'it said nothing';
  const end = exitCode === null ? 'was killed' : `ended with ${exitCode}`;
  return new ReportError('GIT_FAILED', `"git ${args.join(' ')}" in ${cwd} ${end}: ${said}.`);
}

/** The path as one word of a POSIX shell, for a command that a person copies. */
function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
