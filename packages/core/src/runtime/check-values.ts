import type { AgentDefinition } from '../authoring/agent-definition.js';
import { describeIssues, validate, type Schema, type ValidationResult } from '../authoring/schema.js';
import type { ErrorCode } from '../errors/error-codes.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Json } from '../kernel/json.js';

/*
 * Both checks answer at once where the schema does: they stand on the path of every attempt, and a promise for each costs
 * more than most checks.
 */

/** An agent's input as its schema parses it. @throws TaskloomError `INPUT_SCHEMA`; `MISSING_INPUT` where a ref had no value */
export function checkInput(definition: AgentDefinition, value: Json | undefined, hasMissing: boolean): unknown {
  return checked(
    validate(definition.inputSchema, value),
    hasMissing ? 'MISSING_INPUT' : 'INPUT_SCHEMA',
    `The input of "${definition.name}"`,
  );
}

/** An output as its schema parses it. @throws TaskloomError `OUTPUT_SCHEMA` */
export function checkOutput(schema: Schema, value: unknown, what: string): unknown {
  return checked(validate(schema, value), 'OUTPUT_SCHEMA', what);
}

function checked(pending: ValidationResult | Promise<ValidationResult>, code: ErrorCode, what: string): unknown {
  return pending instanceof Promise ? pending.then((result) => valueOf(result, code, what)) : valueOf(pending, code, what);
}

function valueOf(result: ValidationResult, code: ErrorCode, what: string): unknown {
  if (result.ok) return result.value;
  throw new TaskloomError(code, `${what} does not fit its schema: ${describeIssues(result.issues)}.`, {
    details: { issues: result.issues.map((issue) => ({ ...issue })) },
  });
}
