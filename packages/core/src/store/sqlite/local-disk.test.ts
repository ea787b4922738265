import { tmpdir } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { fileSystemType, networkFileSystem, requireLocalDisk } from './local-disk.js';

describe('the file system of a database (bad input C3)', () => {
  it.each<[number, string | null]>([
    [0x6969, 'NFS'],
    [0x517b, 'SMB'],
    [0xff534d42, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    // As a machine of 32 bits tells them.
    [-11317950, 'CIFS'],
    [-28095166, 'SMB2'],
    [0xef53, null], // ext4
    [0x9123683e, null], // btrfs
    [0x58465342, null], // xfs
    [0x01021994, null], // tmpfs
    [0x794c7630, null], // overlayfs
    [0x65735546, null], // FUSE: what is behind it cannot be told
    [0, null],
  ])('of type %i is %s', (type, name) => {
    expect(networkFileSystem(type)).toBe(name);
  });

  it('that machines share is refused, with the promises that it would break', () => {
    const refused = (): void => requireLocalDisk('/mnt/jobs.db', 0x6969);
    expect(refused).toThrow(/\/mnt\/jobs\.db.*NFS.*second process.*lost/);
    expect(refused).toThrow(expect.objectContaining({ code: 'SQLITE_NOT_LOCAL', details: { path: '/mnt/jobs.db', fileSystem: 'NFS' } }));
    expect(() => requireLocalDisk('/var/jobs.db', 0xef53)).not.toThrow();
  });

  it('is asked of the system', () => {
    expect(fileSystemType(tmpdir()) > 0).toBe(process.platform === 'linux');
  });
});
