import { TaskloomError, type Engine, type JobView } from '@taskloom/core';

import { jobIdOf } from '../ids.js';

/** @throws TaskloomError `ID_INVALID`, `NOT_FOUND` */
export async function requireJob(engine: Engine, id: string): Promise<JobView> {
  const view = await engine.reader.job(jobIdOf(id));
  if (!view) throw new TaskloomError('NOT_FOUND', `There is no job "${id}".`, { details: { jobId: id } });
  return view;
}
