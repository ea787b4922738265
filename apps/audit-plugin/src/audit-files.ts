import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';

/** A file that is full and will not change any more. */
export interface FullFile {
  readonly path: string;
  readonly no: number;
  /** No event in it, or in a file before it, is of a later time: milliseconds since the epoch. */
  readonly latest: number;
}

const SUFFIX = /^\.(\d{6,})\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/** The full files of `path`, oldest first: for `audit.jsonl` they are called `audit.000001.20260131T120000000Z.jsonl`. */
export async function fullFilesOf(path: string): Promise<FullFile[]> {
  const { dir, name, ext } = parse(path);
  const found = (await readdir(dir)).flatMap((other) => {
    if (!other.startsWith(name) || !other.endsWith(ext)) return [];
    const match = SUFFIX.exec(other.slice(name.length, other.length - ext.length));
    if (!match) return [];
    const [, no, year, month, day, hours, minutes, seconds, ms] = match;
    const latest = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
    return [{ path: join(dir, other), no: Number(no), latest }];
  });
  return found.sort((a, b) => a.no - b.no);
}

/** The name under which `path` is kept when it is full. */
export function nextFullFile(path: string, before: FullFile | undefined, latest: number): FullFile {
  const { dir, name, ext } = parse(path);
  const no = (before?.no ?? 0) + 1;
  const notEarlier = Math.max(latest, before?.latest ?? 0);
  const time = new Date(notEarlier).toISOString().replace(/[-:.]/g, '');
  return { path: join(dir, `${name}.${String(no).padStart(6, '0')}.${time}${ext}`), no, latest: notEarlier };
}
