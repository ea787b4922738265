import { parse, type DocumentNode } from 'graphql';

import { ApiError } from '../errors/api-error.js';
import type { ApiErrorCode } from '../errors/api-error-codes.js';
import type { ApiLimits } from './api-limits.js';
import { measureDocument, type Measure } from './measure-document.js';

const REMEMBERED = 500;

const RULES = [
  { part: 'depth', limit: 'depth', code: 'QUERY_TOO_DEEP', what: 'levels of fields' },
  { part: 'aliases', limit: 'aliases', code: 'TOO_MANY_ALIASES', what: 'aliases' },
  { part: 'directives', limit: 'directives', code: 'TOO_MANY_DIRECTIVES', what: 'directives' },
  { part: 'fields', limit: 'cost', code: 'QUERY_TOO_COSTLY', what: 'fields' },
] as const satisfies readonly { part: keyof Measure; limit: keyof ApiLimits; code: ApiErrorCode; what: string }[];

/** Lets a query through to validation and execution only when it is small enough, on HTTP and WebSocket alike. */
export class QueryGate {
  /** Queries that passed, the one used last at the end. */
  private readonly passed = new Map<string, DocumentNode>();

  constructor(private readonly limits: ApiLimits) {}

  /** @throws ApiError naming the limit, GraphQLError for a syntax error */
  admit(query: string): DocumentNode {
    const known = this.passed.get(query);
    if (known) this.passed.delete(query);
    const document = known ?? this.check(query);
    this.passed.set(query, document);
    if (this.passed.size > REMEMBERED) this.passed.delete(this.passed.keys().next().value!);
    return document;
  }

  private check(query: string): DocumentNode {
    const document = parse(query, { maxTokens: this.limits.tokens });
    const measure = measureDocument(document);
    for (const { part, limit, code, what } of RULES) {
      const allowed = this.limits[limit];
      if (measure[part] > allowed) {
        const found = Number.isFinite(measure[part]) ? measure[part] : Number.MAX_SAFE_INTEGER;
        throw new ApiError(code, `The query has ${found} ${what}, fragments expanded; the limit is ${allowed} (\`api.limits.${limit}\`).`, {
          found,
          limit: allowed,
          setting: `api.limits.${limit}`,
        });
      }
    }
    return document;
  }
}
