import { describeIssues, validate, type Schema } from '../authoring/schema.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { byteLength, findJsonProblem, type Json, type JsonObject } from '../kernel/json.js';

/**
 * What an agent sends to others as it is: it is kept as it was given, and parsed where it arrives.
 *
 * @throws TaskloomError `INPUT_NOT_JSON`, `INPUT_TOO_LARGE`, `INPUT_SCHEMA`, naming `what`
 */
export async function checkedInput(schema: Schema, value: Json, maxBytes: number, what: string, about: JsonObject): Promise<Json> {
  const problem = findJsonProblem(value);
  if (problem)
    throw new TaskloomError('INPUT_NOT_JSON', `${what} is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`);
  const bytes = byteLength(JSON.stringify(value ?? null));
  if (bytes > maxBytes)
    throw new TaskloomError('INPUT_TOO_LARGE', `${what} has ${bytes} bytes; at most ${maxBytes} are stored.`, {
      details: { bytes, limit: maxBytes },
    });
  const checked = await validate(schema, value);
  if (!checked.ok) {
    throw new TaskloomError('INPUT_SCHEMA', `${what} does not fit its schema: ${describeIssues(checked.issues)}.`, {
      details: { ...about, issues: checked.issues.map((issue) => ({ ...issue })) },
    });
  }
  return value;
}
