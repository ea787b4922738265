import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a part needs of the machine: whether it is there, and what to do when it is not. A part without its tool fails. */

/** @returns {string | null} what is wrong, with the remedy */
export function straceProblem() {
  try {
    execFileSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64', '--seccomp-bpf', 'true'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return null;
  } catch (error) {
    if (error.code === 'ENOENT') return 'strace is not installed; install it with `apt-get install strace`.';
    return `strace cannot trace a process here (${String(error.stderr ?? error.message).trim()}); run where ptrace is allowed (in a container: with CAP_SYS_PTRACE).`;
  }
}

/** @returns {string | null} what is wrong, with the remedy */
export function mountProblem() {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-mount-'));
  try {
    mountSmallDisk(folder, 1);
    unmount(folder);
    return null;
  } catch (error) {
    return `a small disk cannot be mounted (${String(error.stderr ?? error.message).trim()}); run as root (in a container: with CAP_SYS_ADMIN).`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function mountSmallDisk(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'taskloom-campaign', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
}

export function unmount(folder) {
  execFileSync('umount', [folder], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** @returns {string | null} the library that lies to a process about the time */
export function findFaketime() {
  for (const base of ['/usr/lib', '/usr/local/lib', '/usr/lib64']) {
    if (!existsSync(base)) continue;
    for (const name of ['', ...readdirSync(base)]) {
      const file = join(base, name, 'faketime', 'libfaketimeMT.so.1');
      if (existsSync(file)) return file;
    }
  }
  return null;
}

export const FAKETIME_PROBLEM = 'libfaketime is not installed; install it with `apt-get install libfaketime`.';
