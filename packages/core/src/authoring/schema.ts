import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

import { TaskloomError } from '../errors/taskloom-error.js';
import { formatPointer, type JsonObject } from '../kernel/json.js';
import { findSchemaProblem, type SchemaProblem } from './schema-problems.js';

/**
 * A schema that both checks values and describes itself as JSON Schema: any library that implements Standard Schema
 * and Standard JSON Schema (https://standardschema.dev), for example zod 4.2 or later.
 */
export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output> & StandardJSONSchemaV1.Props<Input, Output>;
}

/** What callers give to a schema (before defaults and transforms). */
export type SchemaInput<S extends Schema> = NonNullable<S['~standard']['types']>['input'];
/** What a schema gives back (after defaults and transforms). */
export type SchemaOutput<S extends Schema> = NonNullable<S['~standard']['types']>['output'];

/** One place where a value does not fit: `path` is a JSON Pointer from the value's root. */
export interface SchemaIssue {
  readonly path: string;
  readonly message: string;
}

export type ValidationResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issues: readonly SchemaIssue[] };

const ISSUES = 20;
const PATH_CHARS = 200;

/** Checks a value. At most 20 issues are listed. */
export function validate(schema: Schema, value: unknown): ValidationResult | Promise<ValidationResult> {
  const result = schema['~standard'].validate(value);
  return result instanceof Promise ? result.then(toResult) : toResult(result);
}

function toResult(result: StandardSchemaV1.Result<unknown>): ValidationResult {
  if (!result.issues) return { ok: true, value: result.value };
  return {
    ok: false,
    issues: result.issues.slice(0, ISSUES).map((issue) => ({
      path: formatPointer((issue.path ?? []).map(segmentOf)),
      message: issue.message,
    })),
  };
}

function segmentOf(segment: PropertyKey | StandardSchemaV1.PathSegment): string | number {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'number' ? key : String(key);
}

/** Issues as one line: `/url: expected string`. The root is shown as `(root)`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => `${issue.path === '' ? '(root)' : issue.path}: ${issue.message}`).join('; ');
}

/**
 * The schema's JSON Schema (2020-12), for what goes in (`input`) or what comes out (`output`).
 *
 * @throws TaskloomError `SCHEMA_NOT_JSON` when the schema describes values that JSON cannot hold, `SCHEMA_UNSAFE` when nobody
 * should be given it; both name `owner`.
 */
export function jsonSchemaOf(schema: Schema, side: 'input' | 'output', owner: string): JsonObject {
  const described = describe(schema, side, owner);
  const problem = findSchemaProblem(described);
  if (problem) throw unsafeSchema(problem, `The ${side} schema of ${owner}`);
  return described;
}

/** @param what the schema, at the beginning of a sentence. A place that is far down is cut in the message. */
export function unsafeSchema({ rule, path, reason }: SchemaProblem, what: string): TaskloomError {
  return new TaskloomError(
    'SCHEMA_UNSAFE',
    `${what} is not safe at ${path === '' ? '(root)' : path.length > PATH_CHARS ? `${path.slice(0, PATH_CHARS)}…` : path}: ${reason}.`,
    {
      details: { rule, path },
    },
  );
}

function describe(schema: Schema, side: 'input' | 'output', owner: string): JsonObject {
  try {
    return schema['~standard'].jsonSchema[side]({ target: 'draft-2020-12' }) as JsonObject;
  } catch (error) {
    throw new TaskloomError(
      'SCHEMA_NOT_JSON',
      `The ${side} schema of ${owner} cannot be written as JSON Schema: ${(error as Error).message}`,
      {
        cause: error,
        details: { owner, side },
      },
    );
  }
}

/** Whether a value can serve as a {@link Schema}. */
export function isSchema(value: unknown): value is Schema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('~standard' in value)) return false;
  const standard = value['~standard'] as Partial<Schema['~standard']> | null;
  return typeof standard?.validate === 'function' && typeof standard.jsonSchema?.input === 'function';
}
