import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { Json, JsonObject, Schema } from '@taskloom/core';
import { manifestOf } from '@taskloom/decorators/manifest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as fc from 'fast-check';
import { join } from 'node:path';

import { jsonSchemaOfDocument } from '../src/emitter/json-schema/document-json-schema.js';
import { acceptsValue } from '../src/shape/accepts-value.js';
import { visitShapes } from '../src/shape/visit-shapes.js';
import type { SchemaDocument } from '../src/shape/schema-document.js';
import { arbitraryOf } from './support/arbitrary-of.js';
import { CASES } from './support/case-folders.js';
import { literalErrors, type LiteralCheck } from './support/literals.js';
import { mutations } from './support/mutate.js';
import { samplesOf, typeCases } from './support/type-cases.js';

jest.setTimeout(240_000);

/** Values made of each schema; the same in every run, since the compiler is asked about them. */
const SAMPLING = { seed: 20_261_121, numRuns: 8 };

/** Where the compiler sees values differently from JSON, and why. */
const INCOMPARABLE: { readonly [name: string]: string } = {
  'union-of-objects': 'the compiler takes a property of any member for known',
  'empty-interface': 'the compiler lets any property into an empty type',
  'property-or-undefined': 'what may be undefined may be absent in JSON',
  'root-object-keyword': 'lists are objects to the compiler',
  'numeric-index-signature': 'lists have numbers for names to the compiler',
};

const cases = typeCases('types', 'tsconfig.types.json');
const literals: LiteralCheck[] = [];

function validatorOf(schema: JsonObject): (value: Json) => boolean {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, ownProperties: true });
  formats.default(ajv);
  return ajv.compile(schema) as (value: Json) => boolean;
}

/** What the document says that types do not: tags. And what types say that JSON does not: live values. */
function isPlain(document: SchemaDocument): boolean {
  let plain = true;
  visitShapes(document.root, document.definitions, (shape) => {
    const { kind: _kind, annotations: _annotations, ...rest } = shape;
    if (shape.kind === 'converted') plain = false;
    if ((shape.kind === 'string' || shape.kind === 'number') && Object.keys(rest).length > 0) plain = false;
    if (shape.kind === 'array' && Object.keys(rest).length > 1) plain = false;
    if (shape.kind === 'object' && (shape.minProperties !== undefined || shape.maxProperties !== undefined)) plain = false;
  });
  return plain;
}

describe('values made of a schema', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s: validator, conversions and compiler agree on them', async (name, one) => {
    const { document } = one.read();
    const isValid = validatorOf(jsonSchemaOfDocument(document));
    const values = fc.sample(arbitraryOf(document.root, document.definitions), SAMPLING);

    const marked = jsonSchemaOfDocument(document, { marks: true });
    const { input, output } = manifestOf({ agents: { it: { input: marked, output: marked } }, workflows: {} }).agents['it'] as {
      input: Schema;
      output: Schema;
    };
    for (const value of values) {
      expect({ value, valid: isValid(value), accepted: acceptsValue(document.root, value, document.definitions) }).toEqual({
        value,
        valid: true,
        accepted: true,
      });
      const live = await input['~standard'].validate(value);
      expect(live).not.toHaveProperty('issues');
      const stored = await output['~standard'].validate((live as { value: unknown }).value);
      expect(stored).toMatchObject({ value });
    }

    const hasLiveValues = (samplesOf(one).acceptedAsJson ?? []).length > 0;
    if (hasLiveValues || Object.hasOwn(INCOMPARABLE, name)) return;
    literals.push(...values.map((value) => ({ folder: one.folder, value, fits: true })));
    if (!isPlain(document)) return;
    const changed = new Map(
      values.slice(0, 3).flatMap((value) => mutations(value).map((other) => [JSON.stringify(other), other] as const)),
    );
    literals.push(...[...changed.values()].slice(0, 40).map((value) => ({ folder: one.folder, value, fits: isValid(value) })));
  });

  afterAll(() => {
    expect(literals.length).toBeGreaterThan(1_000);
    expect(literalErrors(join(CASES, 'tsconfig.types.json'), literals)).toEqual([]);
  });
});
