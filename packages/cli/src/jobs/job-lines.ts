import type { JobState } from '@taskloom/client';
import { formatElapsed, oneLine, type Colours } from '@taskloom/terminal';

const SECOND_MS = 1_000;

export const JOB_ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/** A status in the colour it has everywhere. */
export function statusText(status: JobState['status'], { green, red, cyan, yellow, dim }: Colours): string {
  const colour = { COMPLETED: green, FAILED: red, CANCELLED: dim, RUNNING: cyan, PAUSED: yellow, AWAITING_CONFIRMATION: yellow }[status];
  return colour(status);
}

/** A job's status, and whether it completed with failures. */
export function outcomeText({ status, success }: Pick<JobState, 'status' | 'success'>, colours: Colours): string {
  return `${statusText(status, colours)}${status === 'COMPLETED' && success === false ? ', with failures that it tolerates' : ''}`;
}

/** `340ms`, `7s`, `1m 05s`. */
export function durationText(ms: number): string {
  return ms < SECOND_MS ? `${Math.round(ms)}ms` : formatElapsed(ms);
}

/** `43 %, 3 of 7 tasks ended`. */
export function progressText({ progress, counts }: JobState): string {
  const { total, completed, accepted, failed, rejected, skipped, cancelled } = counts;
  return `${Math.floor(progress)} %, ${completed + accepted + failed + rejected + skipped + cancelled} of ${total} tasks ended`;
}

/** How long ago it started, or how long it took. */
export function timeText({ createdAt, startedAt, finishedAt, runAt }: JobState, nowMs: number): string {
  if (startedAt !== null && finishedAt !== null) return `took ${elapsed(startedAt, Date.parse(finishedAt))}`;
  if (startedAt !== null) return `for ${elapsed(startedAt, nowMs)}`;
  if (runAt !== null && Date.parse(runAt) > nowMs) return `starts in ${formatElapsed(Date.parse(runAt) - nowMs)}`;
  return `since ${elapsed(createdAt, finishedAt === null ? nowMs : Date.parse(finishedAt))}`;
}

/** `2026-11-28 09:12:03`, by the clock of this machine. */
export function clockText(at: string): string {
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => two(part)).join(':')}`;
}

/** `CODE: message`. */
export function errorText({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${oneLine(code)}: ${oneLine(message)}`;
}

function elapsed(from: string, toMs: number): string {
  return formatElapsed(Math.max(0, toMs - Date.parse(from)));
}
