import { TaskloomError } from '../errors/taskloom-error.js';
import { inMessage } from '../kernel/in-message.js';
import { isObject } from '../kernel/is-object.js';
import type { Actor } from '../model/event.js';
import type { ControlOptions } from './contract.js';
import { actorOf } from './job-options.js';

/** It stands in events, and as the error of what it ended in every list. */
const REASON_CHARS = 4_000;

/**
 * Who asks for a change, and why, as commands and events have it. The compiler does not see every caller.
 *
 * @throws TaskloomError `OPTIONS_INVALID` where the options are no object, or who and why no texts
 */
export function fromPerson(options: ControlOptions = {}): { readonly reason: string | null; readonly actor: Actor } {
  if (!isObject(options))
    throw invalid(`The options are ${inMessage(options)}; they must be an object such as \`{ actor: 'anna', reason: 'look first' }\`.`);
  const { actor, reason = null } = options;
  if (actor !== undefined && typeof actor !== 'string') throw invalid(`\`actor\` is ${inMessage(actor)}; it must be a text.`);
  if (reason !== null && typeof reason !== 'string') throw invalid(`\`reason\` is ${inMessage(reason)}; it must be a text.`);
  if (reason !== null && reason.length > REASON_CHARS)
    throw invalid(`\`reason\` has ${reason.length} characters; at most ${REASON_CHARS} are taken.`);
  return { reason, actor: actorOf(options) };
}

function invalid(message: string): TaskloomError {
  return new TaskloomError('OPTIONS_INVALID', message);
}
