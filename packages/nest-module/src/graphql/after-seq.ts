import { TaskloomError, type JobView } from '@taskloom/core';

/** Checks a cursor into a job's events. @throws TaskloomError `CURSOR_INVALID` where it is none of this job's. */
export function afterSeqOf(afterSeq: number | null | undefined, job: JobView): number {
  const seq = afterSeq ?? 0;
  if (!Number.isInteger(seq) || seq < 0 || seq > job.lastSeq) {
    throw new TaskloomError('CURSOR_INVALID', `\`afterSeq\` is ${seq}; the job "${job.id}" has events 1 to ${job.lastSeq}.`, {
      details: { afterSeq: seq, lastSeq: job.lastSeq },
      remedy: 'Use the `seq` of an event that this job gave, or 0 for all of them.',
    });
  }
  return seq;
}
