import { lstat } from 'node:fs/promises';
import { mapLimited } from '../map-limited.js';
import { absolutePath } from '../paths/absolute-path.js';

const LOOKS_AT_ONCE = 32;

/**
 * Those of `paths` that are regular files in the working tree now, in the order given. Left out: what is deleted, what became a directory or
 * a symbolic link, and what lies behind a directory that became a link (git, too, takes such files for deleted).
 */
export async function presentFiles(root: string, paths: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const behindLink = await linkedDirectories(root, paths, signal);
  const present = await mapLimited(
    paths,
    LOOKS_AT_ONCE,
    async (path) => !directoriesOf(path).some((directory) => behindLink.has(directory)) && (await kindOf(root, path)) === 'file',
    signal,
  );
  return paths.filter((_, index) => present[index]);
}

async function linkedDirectories(root: string, paths: readonly string[], signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
  const directories = [...new Set(paths.flatMap(directoriesOf))];
  const kinds = await mapLimited(directories, LOOKS_AT_ONCE, async (directory) => kindOf(root, directory), signal);
  return new Set(directories.filter((_, index) => kinds[index] === 'link'));
}

/** `a/b/c.ts` lies in `a` and `a/b`. */
function directoriesOf(path: string): string[] {
  const directories: string[] = [];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) directories.push(path.slice(0, slash));
  return directories;
}

async function kindOf(root: string, path: string): Promise<'file' | 'link' | 'other'> {
  try {
    const found = await lstat(absolutePath(root, path));
    return found.isFile() ? 'file' : found.isSymbolicLink() ? 'link' : 'other';
  } catch {
    return 'other'; // gone, or in a place this user cannot look into
  }
}
