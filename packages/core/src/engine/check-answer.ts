import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

import { TaskloomError } from '../errors/taskloom-error.js';
import type { Json } from '../kernel/json.js';
import type { HumanRequestView } from '../model/views.js';

// One error is enough to refuse an answer; `$data` and remote references stay off.
const ajv = new Ajv2020({ allErrors: false, strict: false, validateFormats: false });
const REMEMBERED = 200;
const compiled = new Map<string, ValidateFunction>();

/** @throws TaskloomError `INPUT_SCHEMA` where the answer does not fit what the question asks for */
export function checkAnswer({ name, hash, schema }: HumanRequestView, answer: Json): void {
  if (schema === null) return;
  const validate = compiled.get(hash) ?? remember(hash, ajv.compile(schema));
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

function remember(hash: string, validate: ValidateFunction): ValidateFunction {
  if (compiled.size >= REMEMBERED) compiled.clear();
  compiled.set(hash, validate);
  return validate;
}

function toIssue({ instancePath, message }: ErrorObject): { path: string; message: string } {
  return { path: instancePath, message: message ?? 'does not fit' };
}
