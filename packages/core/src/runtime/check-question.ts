import type { AskOptions } from '../authoring/ask-options.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { inMessage } from '../kernel/in-message.js';
import { byteLength, findJsonProblem, type JsonObject } from '../kernel/json.js';
import { ASSIGNEE_RULE, isAssignee } from '../model/assignee.js';
import { TIMEOUT_ACTIONS } from '../model/human-request.js';

const NAME_CHARS = 200;
const ABOUT_BYTES = 16_384;

/** @throws TaskloomError `OPTIONS_INVALID`, `INPUT_NOT_JSON`, `INPUT_TOO_LARGE` where a question cannot be shown to a person */
export function checkQuestion(name: string, { question, about, onTimeout, assignee }: AskOptions, what: string): void {
  if (typeof name !== 'string' || name.trim() === '' || name.length > NAME_CHARS)
    refuse(`The name of ${what} must be 1 to ${NAME_CHARS} characters, not only blanks.`);
  if (typeof question !== 'string' || question.trim() === '') refuse(`\`question\` of ${what} must be a text that people can read.`);
  if (onTimeout !== undefined && !TIMEOUT_ACTIONS.includes(onTimeout))
    refuse(`\`onTimeout\` of ${what} is ${inMessage(onTimeout)}; it must be one of ${TIMEOUT_ACTIONS.join(', ')}.`);
  if (assignee !== undefined && !isAssignee(assignee))
    refuse(`\`assignee\` of ${what} is ${inMessage(assignee)}; it must be ${ASSIGNEE_RULE}.`);
  if (about !== undefined) checkAbout(about, what);
}

function checkAbout(about: JsonObject, what: string): void {
  const problem = findJsonProblem(about);
  if (problem)
    throw new TaskloomError(
      'INPUT_NOT_JSON',
      `\`about\` of ${what} is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`,
    );
  const bytes = byteLength(JSON.stringify(about));
  if (bytes > ABOUT_BYTES)
    throw new TaskloomError('INPUT_TOO_LARGE', `\`about\` of ${what} has ${bytes} bytes; at most ${ABOUT_BYTES} are shown.`);
}

function refuse(message: string): never {
  throw new TaskloomError('OPTIONS_INVALID', message);
}
