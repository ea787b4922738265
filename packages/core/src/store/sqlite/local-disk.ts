import { statfsSync } from 'node:fs';

import { TaskloomError } from '../../errors/taskloom-error.js';

/** Types of file systems that other machines share, as Linux names them in `statfs` (`linux/magic.h`). */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
]);

/** The network file system that a type stands for; `null` for a local one, and for one that is not known. */
export function networkFileSystem(type: number): string | null {
  // The kernel's number is signed on some machines.
  return NETWORK_FILE_SYSTEMS.get(type >>> 0) ?? null;
}

/** The type of the file system that a folder is on; 0 where only Linux could tell. */
export function fileSystemType(folder: string): number {
  return process.platform === 'linux' ? statfsSync(folder).type : 0;
}

/**
 * A network file system does not keep the locks and the shared memory that the write-ahead log lives by.
 *
 * @throws TaskloomError `SQLITE_NOT_LOCAL`
 */
export function requireLocalDisk(path: string, type: number): void {
  const fileSystem = networkFileSystem(type);
  if (fileSystem === null) return;
  throw new TaskloomError(
    'SQLITE_NOT_LOCAL',
    `The database ${path} is on a network file system (${fileSystem}): a second process could not be kept out, and what is acknowledged could be lost.`,
    { details: { path, fileSystem } },
  );
}
