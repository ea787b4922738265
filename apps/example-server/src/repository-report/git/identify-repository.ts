import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { pathOfBytes } from '../paths/path-text.js';
import { resolveRoot } from '../paths/resolve-root.js';
import { ReportError } from '../report-error.js';
import { explainGitFailure, saysNoRepository } from './explain-git-failure.js';
import { readGitRecords, tryGit, type GitResult } from './run-git.js';

/** What a directory is to git. Shapes every later question: which files count, and whether there is history to read. */
export const RepositoryIdentity = z.object({
  name: z.string().describe('The last part of the root; for a bare repository without ".git".'),
  root: z.string().describe('Absolute path of the directory the report is over.'),
  git: z
    .enum(['work-tree', 'bare', 'none'])
    .describe('"bare": history but no working tree. "none": no repository, or one that tracks nothing below the root.'),
  commit: z.string().nullable().describe('Full hash of HEAD; null without git or before the first commit.'),
  branch: z.string().nullable().describe('Short name of the branch HEAD is on; null without git or when HEAD is detached.'),
  subdirectory: z
    .string()
    .nullable()
    .describe('Where the root lies below the top of its repository, such as "packages/core"; null at the top and without git.'),
  shallow: z.boolean().describe('Whether the repository holds only the newest part of its history.'),
  noHistoryReason: z.string().nullable().describe('Why there is no history to read; null where there is.'),
});

export type RepositoryIdentity = z.infer<typeof RepositoryIdentity>;

/**
 * Names the repository a directory is, or is part of.
 *
 * A root below the top of a repository is fine: the report is then over that directory. Its files and hotspots are those below it; commits and
 * authors stay those of the whole history of HEAD, as `git rev-list HEAD` counts them there. Where git tracks nothing below such a root (an
 * ignored build folder, a home directory kept in git for its dot files) the directory is taken for one without git.
 *
 * @throws ReportError ROOT_…, GIT_UNSAFE_DIRECTORY, GIT_FAILED, or GIT_NOT_INSTALLED where there is a `.git` but no git
 */
export async function identifyRepository(root: string, signal?: AbortSignal): Promise<RepositoryIdentity> {
  const absolute = await resolveRoot(root);
  const place = await locate(absolute, signal);
  if (place === null) return withoutGit(absolute, 'no git repository');
  if (place.subdirectory !== null && !(await tracksAnything(absolute, signal))) {
    return withoutGit(absolute, 'git tracks nothing in this directory');
  }
  const [commit, branch] = await Promise.all([headCommit(absolute, signal), headBranch(absolute, signal)]);
  return {
    name: nameOf(absolute, place.git),
    root: absolute,
    ...place,
    commit,
    branch,
    noHistoryReason: commit === null ? 'no commit yet' : null,
  };
}

type Place = Pick<RepositoryIdentity, 'subdirectory' | 'shallow'> & { readonly git: 'work-tree' | 'bare' };

function withoutGit(root: string, noHistoryReason: string): RepositoryIdentity {
  const name = nameOf(root, 'none');
  return { name, root, git: 'none', commit: null, branch: null, subdirectory: null, shallow: false, noHistoryReason };
}

async function locate(cwd: string, signal: AbortSignal | undefined): Promise<Place | null> {
  // --show-prefix comes last: a directory's name may hold newlines.
  const args = ['rev-parse', '--is-inside-work-tree', '--is-shallow-repository', '--show-prefix'];
  const result = await tryGit({ cwd, args, signal }).catch((error: unknown) => gitMissing(cwd, error));
  if (result === null || (result.exitCode !== 0 && saysNoRepository(result.stderr))) return null;
  if (result.exitCode !== 0) throw explainGitFailure({ args, cwd, ...result });
  const answer = pathOfBytes(result.stdout);
  const [, inside, shallow, prefix] = /^(true|false)\n(true|false)\n([^]*)\n$/.exec(answer) ?? [];
  return {
    git: inside === 'true' ? 'work-tree' : 'bare',
    shallow: shallow === 'true',
    subdirectory: prefix ? prefix.replace(/\/$/, '') : null,
  };
}

/** Without git installed a directory that shows no `.git` can still be reported on; one that does must not be taken for a plain directory. */
async function gitMissing(cwd: string, error: unknown): Promise<GitResult | null> {
  if (!(error instanceof ReportError) || error.code !== 'GIT_NOT_INSTALLED') throw error;
  for (let directory = cwd; ; directory = dirname(directory)) {
    if (await exists(join(directory, '.git'))) throw error;
    if (dirname(directory) === directory) return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function tracksAnything(cwd: string, signal: AbortSignal | undefined): Promise<boolean> {
  let found = false;
  await readGitRecords({ cwd, args: ['ls-files', '-z'], signal }, () => {
    found = true;
    return false;
  });
  return found;
}

async function headCommit(cwd: string, signal: AbortSignal | undefined): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}'];
  const result = await tryGit({ cwd, args, signal });
  if (result.exitCode === 0) return result.stdout.toString('utf8').trim();
  if (result.exitCode === 1) return null;
  throw explainGitFailure({ args, cwd, ...result });
}

async function headBranch(cwd: string, signal: AbortSignal | undefined): Promise<string | null> {
  const args = ['symbolic-ref', '--quiet', 'HEAD'];
  const result = await tryGit({ cwd, args, signal });
  if (result.exitCode === 1) return null; // detached
  if (result.exitCode !== 0) throw explainGitFailure({ args, cwd, ...result });
  return pathOfBytes(result.stdout)
    .replace(/\n$/, '')
    .replace(/^refs\/heads\//, '');
}

function nameOf(root: string, git: RepositoryIdentity['git']): string {
  const last = basename(root);
  if (git !== 'bare') return last === '' ? root : last;
  if (last === '.git') return basename(dirname(root)) || last;
  return last.replace(/\.git$/, '');
}
