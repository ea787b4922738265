import type { EngineIdentity, JobState, TaskloomClient } from '@taskloom/client';

/** So many of its last events tell which engine ran the job's tasks so far. */
const LOOKED_BACK = 500;

/**
 * The engine that from now on runs a job's tasks, each time it is another one than before: after a restart, or when another
 * process has taken over. Ends with the job, and where its events can be read no more: what is wrong, whoever watches the job's
 * state is told, and callers who may not see events miss no more than this.
 */
export async function* engineChanges(
  client: Pick<TaskloomClient, 'jobEvents'>,
  job: JobState,
  signal: AbortSignal,
): AsyncGenerator<EngineIdentity, void> {
  const afterSeq = Math.max(0, job.lastSeq - LOOKED_BACK);
  let before: string | null = null;
  try {
    // Other events are also written by engines that run no tasks, beside the one that does.
    for await (const { seq, engine } of client.jobEvents(job.id, { afterSeq, types: ['TASK_STARTED'], signal })) {
      if (engine === null || engine.id === before) continue;
      if (before !== null && seq > job.lastSeq) yield engine;
      before = engine.id;
    }
  } catch {
    // Events that start tasks may be rare: many lost connections in a row then look like a server that is gone.
  }
}
