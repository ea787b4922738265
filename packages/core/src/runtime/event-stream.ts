import { isTaskloomError } from '../errors/taskloom-error.js';
import type { EventType, EventView } from '../model/event.js';
import type { StoreReader } from '../ports/reader.js';
import type { EventHub } from './event-hub.js';

const PAGE = 500;
const ENDS: ReadonlySet<EventType> = new Set(['JOB_COMPLETED', 'JOB_FAILED', 'JOB_CANCELLED']);

/**
 * A job's events after `afterSeq`: the stored ones, then those to come, without a gap or a repeat, because every event is
 * read from the log and the hub only rings. Ends after the event that ended the job, unless it was reopened since.
 */
export async function* streamEvents(
  reader: () => StoreReader,
  hub: EventHub,
  jobId: string,
  afterSeq: number,
  signal?: AbortSignal,
): AsyncGenerator<EventView, void, undefined> {
  const watcher = hub.watch(jobId);
  try {
    let cursor = afterSeq;
    let isOver = false;
    for (;;) {
      if (signal?.aborted) return;
      const events = await reader().events(jobId, cursor, PAGE);
      for (const event of events) {
        if (signal?.aborted) return;
        cursor = event.seq;
        isOver = ENDS.has(event.type);
        yield event;
      }
      if (events.length === PAGE) continue;
      if (isOver || (events.length === 0 && (await hasEnded(reader(), jobId, cursor)))) return;
      if (events.length === 0 && (await watcher.next(signal)).length === 0) return;
    }
  } catch (error) {
    // The engine stopped while the log was being read: a stream ends with it, it does not fail.
    if (!isTaskloomError(error) || error.code !== 'ENGINE_STOPPED') throw error;
  } finally {
    watcher.close();
  }
}

/** Whether the job ended with an event at or before the cursor, so that there is nothing to wait for. */
async function hasEnded(reader: StoreReader, jobId: string, cursor: number): Promise<boolean> {
  const job = await reader.job(jobId);
  return job === null || (job.finishedAt !== null && job.lastSeq <= cursor);
}
