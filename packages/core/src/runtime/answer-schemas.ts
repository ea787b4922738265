import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { findAnswerSchemaProblem, type SchemaProblem } from '../authoring/schema-problems.js';
import { unsafeSchema } from '../authoring/schema.js';
import { findJsonProblem, type JsonObject } from '../kernel/json.js';

// One error is enough to refuse an answer; `$data` and remote references stay off. Schemas of different questions may have the same `$id`.
const ajv = new Ajv2020({ allErrors: false, strict: false, validateFormats: false, addUsedSchema: false });

/** A function that checks answers. @throws Error where the schema is none */
export function compileAnswerSchema(schema: JsonObject): ValidateFunction {
  try {
    return ajv.compile(schema);
  } finally {
    // The library would keep every schema it has seen.
    ajv.removeSchema(schema);
  }
}

/**
 * Checks at once what has no pattern; the analysis of patterns is loaded when it is first needed.
 *
 * @throws TaskloomError `SCHEMA_UNSAFE` where what people send could not be checked with it, or not in reasonable time
 */
export function checkAnswerSchema(schema: JsonObject, what: string): Promise<void> | null {
  const notJson = findJsonProblem(schema);
  if (notJson)
    throw unsafeSchema({ rule: 'invalid', path: notJson.path, reason: `it is no JSON: ${notJson.reason}` }, `The schema of ${what}`);
  const check = (isSlow: (pattern: string) => boolean): void => {
    const problem = findAnswerSchemaProblem(schema, isSlow) ?? findInvalid(schema);
    if (problem) throw unsafeSchema(problem, `The schema of ${what}`);
  };
  if (/"pattern(?:Properties)?":/.test(JSON.stringify(schema)))
    return import('./slow-pattern.js').then(({ isSlowPattern }) => check(isSlowPattern));
  check(() => false);
  return null;
}

function findInvalid(schema: JsonObject): SchemaProblem | null {
  try {
    compileAnswerSchema(schema);
    return null;
  } catch (error) {
    return { rule: 'invalid', path: '', reason: (error as Error).message };
  }
}
