import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import { ReportError, systemErrorCode } from '../report-error.js';
import { explainGitFailure } from './explain-git-failure.js';
import { gitEnvironment, PINNED_SETTINGS } from './git-environment.js';

const STDERR_KEPT_BYTES = 8 * 1024;
const NUL = 0;

export interface GitCall {
  /** The directory git runs in; must exist. */
  readonly cwd: string;
  /** The sub-command and its arguments, given to git as they are: no shell reads them. */
  readonly args: readonly string[];
  /** Text for git's standard input, in pieces; none by default. */
  readonly input?: Iterable<string>;
  /** Ends the process; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git and gives what it printed, whatever its exit code. For answers that fit in memory. */
export async function tryGit(call: GitCall): Promise<GitResult> {
  const chunks: Buffer[] = [];
  const { exitCode, stderr } = await converse(call, (chunk) => {
    chunks.push(chunk);
    return true;
  });
  return { exitCode, stderr, stdout: Buffer.concat(chunks) };
}

/**
 * Runs git and hands over each NUL-terminated record as it comes, so that a history of any length passes through without being held.
 * `onRecord` gets the record without its NUL, valid only during the call; when it returns `false` git is ended and the rest is not read.
 */
export async function readGitRecords(call: GitCall, onRecord: (record: Buffer) => boolean | void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let enough = false;
  const { exitCode, stderr } = await converse(call, (chunk) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(NUL); end !== -1; end = data.indexOf(NUL, start)) {
      if (onRecord(data.subarray(start, end)) === false) {
        enough = true;
        return false;
      }
      start = end + 1;
    }
    rest = data.subarray(start);
    return true;
  });
  if (!enough && exitCode !== 0) throw explainGitFailure({ ...call, exitCode, stderr });
}

/** One run of git: feeds it, hands over its output, waits for its end. `onChunk` returns `false` to end it early. */
async function converse(call: GitCall, onChunk: (chunk: Buffer) => boolean): Promise<{ exitCode: number; stderr: string }> {
  call.signal?.throwIfAborted();
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn('git', [...PINNED_SETTINGS, ...call.args], {
    cwd: call.cwd,
    env: gitEnvironment(process.env),
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // A process group of its own: Ctrl-C in a terminal reaches every process of the group, and must stop the server but not fail the task.
    detached: process.platform !== 'win32',
  });
  const abort = (): void => void child.kill('SIGKILL');
  call.signal?.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      let stderr = '';
      let endedByUs = false;
      let failure: { readonly error: unknown } | undefined;
      child.stdout.on('data', (chunk: Buffer) => {
        if (endedByUs) return;
        try {
          endedByUs = !onChunk(chunk);
        } catch (error) {
          failure = { error };
          endedByUs = true;
        }
        if (endedByUs) child.kill('SIGKILL');
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-STDERR_KEPT_BYTES);
      });
      child.on('error', (error) => reject(startFailure(error)));
      child.on('close', (exitCode) => {
        if (failure !== undefined) reject(failure.error);
        else if (call.signal?.aborted === true) reject(call.signal.reason);
        else if (endedByUs) resolve({ exitCode: 0, stderr });
        else if (exitCode === null) reject(explainGitFailure({ ...call, exitCode, stderr }));
        else resolve({ exitCode, stderr });
      });
      // A git that has ended no longer reads; its exit code says why, not the broken pipe.
      child.stdin.on('error', () => undefined);
      Readable.from(call.input ?? []).pipe(child.stdin);
    });
  } finally {
    call.signal?.removeEventListener('abort', abort);
  }
}

function startFailure(cause: Error): Error {
  const code = systemErrorCode(cause);
  if (code === 'ENOENT') return new ReportError('GIT_NOT_INSTALLED', 'The program git could not be found.', { cause });
  return new ReportError('GIT_FAILED', `git could not be started (${code ?? cause.message}).`, { cause });
}
