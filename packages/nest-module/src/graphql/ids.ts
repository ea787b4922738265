import { TaskloomError, type TaskAddress } from '@taskloom/core';
import { isName, NAME_RULE, parseTaskId } from '@taskloom/core/internal';

/** @throws TaskloomError `ID_INVALID` for what cannot be an id; whether there is such a job is not asked. */
export function jobIdOf(text: string): string {
  if (!isName(text)) throw invalid('job', text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function taskAddressOf(text: string): TaskAddress {
  const address = parseTaskId(text);
  if (!address || !isName(address.jobId)) throw invalid('task', text);
  return address;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedTaskId(text: string): string {
  taskAddressOf(text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedRequestId(text: string): string {
  if (!isName(text)) throw invalid('question', text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedScheduleId(text: string): string {
  if (!isName(text)) throw invalid('schedule', text);
  return text;
}

/** @throws TaskloomError `ID_INVALID` */
export function checkedAlertId(text: string): string {
  if (!isName(text)) throw invalid('alert', text);
  return text;
}

function invalid(kind: string, text: string): TaskloomError {
  const shown = text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text.toWellFormed();
  return new TaskloomError('ID_INVALID', `${JSON.stringify(shown)} cannot be the id of a ${kind}.`, { details: { rule: NAME_RULE } });
}
