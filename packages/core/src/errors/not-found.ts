import { inMessage } from '../kernel/in-message.js';
import { TaskloomError } from './taskloom-error.js';

const MOST_CHARACTERS = 80;

/** What is looked for by its id, and what its id is called in the details. */
const ID_IN_DETAILS = { job: 'jobId', task: 'id', request: 'id', schedule: 'id', alert: 'alertId' } as const;

/** `NOT_FOUND`, with the id in its details: as `jobId` of a job, as `alertId` of an alert, as `id` of anything else. */
export function notFound(what: keyof typeof ID_IN_DETAILS, id: unknown): TaskloomError {
  const shown = shownId(id);
  return new TaskloomError('NOT_FOUND', `There is no ${what} ${shown}.`, { details: { [ID_IN_DETAILS[what]]: shown } });
}

/** `NOT_FOUND` of a task in a job that is there, with `jobId` and `task` in its details. @param task its number, or what was given as its id */
export function noTaskInJob(jobId: string, task: unknown): TaskloomError {
  const shown = shownId(task);
  return new TaskloomError('NOT_FOUND', `There is no task ${shown} in job ${jobId}.`, {
    details: { jobId, task: typeof task === 'number' ? task : shown },
  });
}

function shownId(id: unknown): string {
  return typeof id === 'string' ? id.slice(0, MOST_CHARACTERS).toWellFormed() : inMessage(id);
}
