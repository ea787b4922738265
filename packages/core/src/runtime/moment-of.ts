import { TaskloomError } from '../errors/taskloom-error.js';
import { durationMs, momentMs, type Duration } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';

/** A time that an agent gave, as milliseconds since the epoch: a moment, or how long from `now`. @throws TaskloomError `OPTIONS_INVALID` */
export function momentOf(time: Duration | Date, now: number, what: string): number {
  const ms = time instanceof Date ? momentMs(time) : durationMs(time);
  if (ms === null)
    throw new TaskloomError('OPTIONS_INVALID', `${what} has the time ${inMessage(time)}; write a duration such as '30s' or a Date.`);
  return time instanceof Date ? ms : now + ms;
}
