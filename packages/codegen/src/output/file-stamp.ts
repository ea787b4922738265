import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** How a file was when it was read. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly hash: string;
}

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url');
}

/** A file's stamp, or `null` when it cannot be read. */
export function stampOf(path: string): FileStamp | null {
  try {
    const { size, mtimeMs } = statSync(path);
    return { sizeBytes: size, modifiedAtMs: mtimeMs, hash: hashOf(readFileSync(path)) };
  } catch {
    return null;
  }
}

/** Whether a file has the content it was stamped with. Read only when its time says otherwise: a checkout changes times. */
export function isUnchanged(path: string, stamp: FileStamp): boolean {
  try {
    const { size, mtimeMs } = statSync(path);
    if (size !== stamp.sizeBytes) return false;
    return mtimeMs === stamp.modifiedAtMs || hashOf(readFileSync(path)) === stamp.hash;
  } catch {
    return false;
  }
}
