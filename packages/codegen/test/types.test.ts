import { join } from 'node:path';

import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '@taskloom/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { jsonSchemaOfDocument } from '../src/emitter/json-schema/document-json-schema.js';
import { acceptsValue } from '../src/shape/accepts-value.js';
import { CASES, isUpdating } from './support/case-folders.js';
import { literalErrors, type LiteralCheck } from './support/literals.js';
import { expectedText, samplesOf, typeCases, writeExpected } from './support/type-cases.js';

jest.setTimeout(120_000);

const cases = typeCases('types', 'tsconfig.types.json');
const literals: LiteralCheck[] = [];

function validatorOf(schema: object): (value: Json) => boolean {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, ownProperties: true });
  formats.default(ajv);
  return ajv.compile(schema) as (value: Json) => boolean;
}

describe('a type', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s is read as its schema, which takes and refuses its samples', (_name, one) => {
    const { document, diagnostics } = one.read();
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    const schema = jsonSchemaOfDocument(document);
    const expected = join(one.folder, 'schema.json');
    if (isUpdating) writeExpected(expected, schema);
    expect(`${JSON.stringify(schema, null, 2)}\n`).toBe(expectedText(expected));

    const isValid = validatorOf(schema);
    const { accepted = [], acceptedAsJson = [], refused = [], refusedAsJson = [], refusedByTags = [] } = samplesOf(one);
    const takes = (value: Json): { value: Json; byValidator: boolean; byShape: boolean } => ({
      value,
      byValidator: isValid(value),
      byShape: acceptsValue(document.root, value, document.definitions),
    });
    for (const value of [...accepted, ...acceptedAsJson]) expect(takes(value)).toEqual({ value, byValidator: true, byShape: true });
    for (const value of [...refused, ...refusedAsJson, ...refusedByTags]) expect(takes(value)).toMatchObject({ value, byValidator: false });

    literals.push(...[...accepted, ...refusedByTags].map((value) => ({ folder: one.folder, value, fits: true })));
    if (acceptedAsJson.length === 0) literals.push(...refused.map((value) => ({ folder: one.folder, value, fits: false })));
  });

  afterAll(() => {
    // The compiler is asked last, about all of them at once: it must agree with the schemas.
    const disagreements = literalErrors(join(CASES, 'tsconfig.types.json'), literals);
    expect(disagreements).toEqual([]);
  });
});
