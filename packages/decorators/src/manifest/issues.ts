import type { ErrorObject } from 'ajv/dist/2020.js';

/** One place where a value does not fit, as Standard Schema tells it. */
export interface Issue {
  readonly message: string;
  readonly path: readonly string[];
}

/** What a validator found, in words, at the place it is about. */
export function issuesOf(errors: readonly ErrorObject[]): Issue[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath }) => schemaPath);
  // What each member of a union misses says little; that none of them fits says it all.
  const own = errors.filter(({ schemaPath }) => !unions.some((union) => schemaPath !== union && schemaPath.startsWith(`${union}/`)));
  const seen = new Set<string>();
  return own.map(issueOf).filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    return !seen.has(key) && seen.add(key);
  });
}

function issueOf(error: ErrorObject): Issue {
  const path = error.instancePath === '' ? [] : error.instancePath.slice(1).split('/').map(unescape);
  const parameters = error.params as { readonly [name: string]: unknown };
  switch (error.keyword) {
    case 'required':
      return { path: [...path, String(parameters['missingProperty'])], message: 'is missing' };
    case 'additionalProperties':
      return { path: [...path, String(parameters['additionalProperty'])], message: 'is not known here' };
    case 'propertyNames':
      return { path: [...path, String(parameters['propertyName'])], message: 'is no name that is allowed here' };
    case 'enum':
      return {
        path,
        message: `must be one of ${(parameters['allowedValues'] as readonly unknown[])
          .slice(0, 10)
          .map((value) => JSON.stringify(value))
          .join(', ')}`,
      };
    case 'const':
      return { path, message: `must be ${JSON.stringify(parameters['allowedValue'])}` };
    case 'anyOf':
      return { path, message: 'fits none of the forms that are allowed here' };
    default:
      return { path, message: error.message ?? error.keyword };
  }
}

function unescape(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
