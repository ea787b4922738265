import { inMessage } from '../kernel/in-message.js';
import { TaskloomError } from './taskloom-error.js';

const MOST_CHARACTERS = 80;

/** `NOT_FOUND`, with the id in its details: as `jobId` of a job, as `id` of what is in one. */
export function notFound(what: 'job' | 'task' | 'request', id: unknown): TaskloomError {
  const shown = typeof id === 'string' ? id.slice(0, MOST_CHARACTERS).toWellFormed() : inMessage(id);
  return new TaskloomError('NOT_FOUND', `There is no ${what} ${shown}.`, { details: what === 'job' ? { jobId: shown } : { id: shown } });
}
