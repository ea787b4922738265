import type { StoredError } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';

@ObjectType({ description: 'Why a job or a task failed. Never holds a stack.' })
export class Failure {
  constructor(private readonly error: StoredError) {}

  @Field(() => String, { description: 'A stable code; docs/errors.md lists them all.' })
  get code(): string {
    return this.error.code;
  }

  @Field(() => String, { description: 'What happened, for people.' })
  get message(): string {
    return this.error.message;
  }

  @Field(() => String, { nullable: true, description: "The thrown error's own name, for example TypeError." })
  get name(): string | null {
    return this.error.name ?? null;
  }

  @Field(() => JSONValue, { nullable: true, description: 'Facts for programs, for example JSON Pointers to what did not fit a schema.' })
  get details(): unknown {
    return this.error.details ?? null;
  }

  @Field(() => [String], { description: 'What caused it, nearest first; at most 5.' })
  get causes(): readonly string[] {
    return this.error.causes ?? [];
  }

  static of(error: StoredError | null): Failure | null {
    return error && new Failure(error);
  }
}
