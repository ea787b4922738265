import { createHash } from 'node:crypto';

import { isTerminalJob } from '../../model/job.js';
import { ANNOUNCEMENTS, type Announcement, type JobNews, type JobWrite, type StoreListener } from '../../ports/store.js';

/** The server refuses 8,000 bytes and more. */
const MAX_BYTES = 7_500;

/**
 * Where engines on one schema tell each other what they have written. The one that leads has a channel of its own, so that it
 * need not hear itself: most of what is written is its.
 */
export interface Channels {
  readonly leader: string;
  readonly others: string;
}

/** Channels belong to the whole database, so their names tell of the schema; a name may have 63 bytes. */
export function channelsOf(schema: string): Channels {
  const hash = createHash('sha256').update(schema).digest('hex').slice(0, 32);
  return { leader: `taskloom_${hash}_leader`, others: `taskloom_${hash}_others` };
}

type JobNotice = readonly [jobId: string, lastSeq: number, ended: 0 | 1];

/** What a notice says, as JSON: who tells it, and jobs or a kind of entries. */
type Notice = readonly [sender: string, said: readonly JobNotice[] | Announcement];

/** Notices of a commit, each short enough to be sent. */
export function noticesOf(sender: string, writes: readonly JobWrite[]): string[] {
  const notices: string[] = [];
  let jobs: string[] = [];
  let bytes = 0;
  const finish = (): void => {
    if (jobs.length > 0) notices.push(`[${JSON.stringify(sender)},[${jobs.join(',')}]]`);
    jobs = [];
    bytes = 0;
  };
  for (const { jobId, row } of writes) {
    const job = JSON.stringify([jobId, row.lastSeq, isTerminalJob(row.status) ? 1 : 0] satisfies JobNotice);
    if (bytes + job.length + 1 > MAX_BYTES - sender.length) finish();
    jobs.push(job);
    bytes += job.length + 1;
  }
  finish();
  return notices;
}

export function announcementOf(sender: string, what: Announcement): string {
  return JSON.stringify([sender, what] satisfies Notice);
}

/** Hands a notice on, unless the listener has sent it itself. What nobody here would send is left alone. */
export function hear(text: string, self: string, listener: StoreListener): void {
  const notice = parse(text);
  if (notice === null || notice[0] === self) return;
  const [, said] = notice;
  if (typeof said === 'string') return listener.announced(said);
  listener.written(said.map(([jobId, lastSeq, ended]): JobNews => ({ jobId, lastSeq, ended: ended === 1 })));
}

/** Anybody who may connect may send on a channel. */
function parse(text: string): Notice | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(value) || typeof value[0] !== 'string') return null;
  const said: unknown = value[1];
  const isKnown = Array.isArray(said) ? said.every(isJobNotice) : (ANNOUNCEMENTS as readonly unknown[]).includes(said);
  return isKnown ? (value as unknown as Notice) : null;
}

function isJobNotice(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);
}
