import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

import { TaskloomError } from '../errors/taskloom-error.js';
import { byteLength, findJsonProblem, type Json, type JsonObject } from '../kernel/json.js';
import type { JsonText } from '../model/event.js';
import type { HumanRequestView } from '../model/views.js';
import { compileAnswerSchema } from '../runtime/answer-schemas.js';

const REMEMBERED = 200;
const compiled = new Map<string, ValidateFunction>();

/** The answer as it is stored. @throws TaskloomError `INPUT_NOT_JSON`, `INPUT_TOO_LARGE` */
export function answerText({ name }: HumanRequestView, answer: Json, maxBytes: number): JsonText {
  const problem = findJsonProblem(answer);
  if (problem)
    throw new TaskloomError(
      'INPUT_NOT_JSON',
      `The answer to "${name}" is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`,
    );
  const json = JSON.stringify(answer);
  const bytes = byteLength(json);
  if (bytes > maxBytes)
    throw new TaskloomError('INPUT_TOO_LARGE', `The answer to "${name}" has ${bytes} bytes; at most ${maxBytes} are kept.`, {
      details: { bytes, limit: maxBytes },
    });
  return { json, bytes };
}

/** @throws TaskloomError `INPUT_SCHEMA` where the answer does not fit what the question asks for */
export function checkAnswer({ name, hash, schema }: HumanRequestView, answer: Json): void {
  if (schema === null) return;
  const validate = compiled.get(hash) ?? remember(hash, schema);
  if (validate(answer)) return;
  const issues = (validate.errors ?? []).map(toIssue);
  const [first] = issues;
  throw new TaskloomError(
    'INPUT_SCHEMA',
    `The answer to "${name}" does not fit: ${first?.path || '(root)'}: ${first?.message ?? 'it is not what was asked for'}.`,
    {
      details: { issues },
    },
  );
}

function remember(hash: string, schema: JsonObject): ValidateFunction {
  if (compiled.size >= REMEMBERED) compiled.clear();
  const validate = compileAnswerSchema(schema);
  compiled.set(hash, validate);
  return validate;
}

function toIssue({ instancePath, message }: ErrorObject): { path: string; message: string } {
  return { path: instancePath, message: message ?? 'does not fit' };
}
