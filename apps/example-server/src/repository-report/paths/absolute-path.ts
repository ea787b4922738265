import { ReportError } from '../report-error.js';
import { bytesOfPath } from './path-text.js';

/**
 * The place of a file on disk: `root` (absolute) joined with a path below it, as bytes, since a path need not be valid UTF-8.
 * Refuses paths that are absolute, empty, or climb out of the root.
 */
export function absolutePath(root: string, path: string): Buffer {
  const parts = path.split('/');
  const isBelow = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  if (!isBelow) throw new ReportError('PATH_OUTSIDE_ROOT', `${JSON.stringify(path)} is not a path below ${root}.`);
  const separator = root.endsWith('/') ? '' : '/';
  return Buffer.concat([Buffer.from(root + separator, 'utf8'), bytesOfPath(path)]);
}
