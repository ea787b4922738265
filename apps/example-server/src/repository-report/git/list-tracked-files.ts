import { pathOfBytes } from '../paths/path-text.js';
import { readGitRecords } from './run-git.js';

/** The index's modes of ordinary files. 120000 is a symbolic link, 160000 a submodule: both are left out of a report. */
const FILE_MODES = new Set(['100644', '100755']);

/**
 * The files git's index names below `root`, relative to it, in the index's (byte) order; whether they still exist in the working tree is
 * another question (`presentFiles`). A path in conflict, which the index names up to three times, is listed once.
 */
export async function listTrackedFiles(root: string, signal?: AbortSignal): Promise<string[]> {
  const paths = new Set<string>();
  await readGitRecords({ cwd: root, args: ['ls-files', '-z', '--stage'], signal }, (record) => {
    // <mode> SP <object> SP <stage> TAB <path>
    const tab = record.indexOf('\t');
    const mode = record.toString('latin1', 0, record.indexOf(' '));
    if (FILE_MODES.has(mode)) paths.add(pathOfBytes(record.subarray(tab + 1)));
  });
  return [...paths];
}
