const ASSIGNEE_CHARS = 200;
/** Whom a task or a question is meant for, in the application's own words, must be: */
export const ASSIGNEE_RULE = `a text of 1 to ${ASSIGNEE_CHARS} characters, not only blanks`;

export function isAssignee(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= ASSIGNEE_CHARS;
}
