import { TaskloomError } from '../errors/taskloom-error.js';
import { inMessage } from '../kernel/in-message.js';
import type { Actor } from '../model/event.js';
import type { ControlOptions } from './contract.js';
import { actorOf } from './job-options.js';

/**
 * Who asks for a change, and why, as commands and events have it. The compiler does not see every caller.
 *
 * @throws TaskloomError `OPTIONS_INVALID` where the options are no object, or who and why no texts
 */
export function fromPerson(options: ControlOptions = {}): { readonly reason: string | null; readonly actor: Actor } {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid(`The options are ${inMessage(options)}; they must be an object such as \`{ actor: 'anna', reason: 'look first' }\`.`);
  const { actor, reason = null } = options;
  if (actor !== undefined && typeof actor !== 'string') throw invalid(`\`actor\` is ${inMessage(actor)}; it must be a text.`);
  if (reason !== null && typeof reason !== 'string') throw invalid(`\`reason\` is ${inMessage(reason)}; it must be a text.`);
  return { reason, actor: actorOf(options) };
}

function invalid(message: string): TaskloomError {
  return new TaskloomError('OPTIONS_INVALID', message);
}
