import type { JsonObject } from '@taskloom/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { LIVE_TYPE } from './live-values.js';
import type { SchemaNode } from './schema-node.js';

let shared: Ajv2020 | null = null;
let count = 0;

/** Strict where a schema could be misread; the exceptions are forms that the generator writes on purpose. */
function ajv(): Ajv2020 {
  if (!shared) {
    shared = new Ajv2020({
      strict: true,
      allErrors: true,
      allowUnionTypes: true,
      strictTuples: false,
      ownProperties: true,
      keywords: [LIVE_TYPE],
    });
    formats.default(shared);
  }
  return shared;
}

/** Checks JSON against a schema, or against a part of it. Compiled when it is first needed. */
export class Validator {
  private readonly id: string;
  private readonly parts = new Map<string, ValidateFunction>();
  private isAdded = false;

  constructor(private readonly schema: JsonObject) {
    count += 1;
    this.id = `taskloom:${count}`;
  }

  fits(node: SchemaNode, json: unknown): boolean {
    return this.part(node.pointer)(json);
  }

  errors(json: unknown): readonly ErrorObject[] {
    const validate = this.part('#');
    return validate(json) ? [] : (validate.errors ?? []);
  }

  private part(pointer: string): ValidateFunction {
    const known = this.parts.get(pointer);
    if (known) return known;
    if (!this.isAdded) ajv().addSchema({ ...this.schema, $id: this.id });
    this.isAdded = true;
    const validate = ajv().getSchema(`${this.id}${pointer}`)!;
    this.parts.set(pointer, validate);
    return validate;
  }
}
