import { TaskloomError, type TaskAddress } from '@taskloom/core';
import { isName, NAME_RULE, parseTaskId } from '@taskloom/core/internal';

/** @throws TaskloomError `ID_INVALID` for what cannot be an id; whether there is such a job is not asked. */
export function jobIdOf(text: string): string {
  if (!isName(text)) throw invalid('a job', text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function taskAddressOf(text: string): TaskAddress {
  const address = parseTaskId(text);
  if (!address || !isName(address.jobId)) throw invalid('a task', text, TASK_RULE);
  return address;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedTaskId(text: string): string {
  taskAddressOf(text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedRequestId(text: string): string {
  if (!isName(text)) throw invalid('a question', text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedScheduleId(text: string): string {
  if (!isName(text)) throw invalid('a schedule', text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedAlertId(text: string): string {
  if (!isName(text)) throw invalid('an alert', text);
  return text;
}

/** How ids of tasks are made; where the job's part is none, that is wrong with it, too. */
const TASK_RULE = 'the id of its job, a colon and its number, such as "order-17:3"';

function invalid(what: string, text: string, rule = NAME_RULE): TaskloomError {
  const shown = text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text.toWellFormed();
  return new TaskloomError('ID_INVALID', `${JSON.stringify(shown)} cannot be the id of ${what}.`, {
    details: { rule },
    ...(rule === TASK_RULE ? { remedy: `Use the \`id\` of a task, not its key: ${TASK_RULE}.` } : undefined),
  });
}
