import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Who makes a commit, and when; a time is ISO 8601. */
export interface CommitOptions {
  readonly message?: string;
  readonly author?: string;
  readonly email?: string;
  readonly authoredAt?: string;
  /** The time of authoring unless given. */
  readonly committedAt?: string;
}

const DEFAULT_TIME = '2024-01-01T12:00:00Z';

/** A directory that a test fills and `remove`s, and a git in it that knows nothing of this machine's settings. */
export class ThrowAwayDirectory {
  readonly root: string;

  constructor(root?: string) {
    this.root = root ?? mkdtempSync(join(realpathSync(tmpdir()), 'taskloom-report-'));
  }

  /** Writes a file, its directories too. The path may be bytes that are no valid UTF-8. */
  write(path: string | Buffer, content: string | Buffer = ''): void {
    const place = typeof path === 'string' ? join(this.root, path) : Buffer.concat([Buffer.from(`${this.root}/`), path]);
    if (typeof place === 'string') mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** Runs git here and gives its standard output. */
  git(args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string | Buffer } = {}): string {
    return this.run('git', args, options).toString('utf8');
  }

  /** Runs a program here and gives its standard output. */
  run(
    program: string,
    args: readonly string[],
    options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string | Buffer } = {},
  ): Buffer {
    return execFileSync(program, [...args], {
      cwd: this.root,
      env: { ...environmentWithoutGit(), ...options.env },
      maxBuffer: 1 << 30,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.input === undefined ? {} : { input: options.input }),
    });
  }

  init(): this {
    this.git(['init', '--quiet', '--initial-branch=main']);
    return this;
  }

  /** Commits all that is in the directory; gives the commit's hash. */
  commit(options: CommitOptions = {}): string {
    this.git(['add', '--all']);
    return this.commitIndex(options);
  }

  /** Commits what is in the index, even when nothing changed. */
  commitIndex(options: CommitOptions = {}): string {
    this.git(['commit', '--quiet', '--allow-empty', '--message', options.message ?? 'change'], { env: identity(options) });
    return this.git(['rev-parse', 'HEAD']).trim();
  }

  /** Merges a branch into the current one, always with a commit. */
  merge(branch: string, options: CommitOptions = {}): void {
    this.git(['merge', '--quiet', '--no-ff', '--message', 'merge', branch], { env: identity(options) });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A directory with a repository in it that has no commit yet. */
export function throwAwayRepository(): ThrowAwayDirectory {
  return new ThrowAwayDirectory().init();
}

function environmentWithoutGit(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
}

function identity(options: CommitOptions): NodeJS.ProcessEnv {
  const { author = 'Ada', email = 'ada@example.com', authoredAt = DEFAULT_TIME, committedAt = authoredAt } = options;
  return {
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: authoredAt,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: committedAt,
  };
}
