import { readFileSync } from 'node:fs';

import { expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';

import { DOCUMENTS } from './documents.js';

const schema = buildSchema(readFileSync(new URL('../../nest-module/schema.graphql', import.meta.url), 'utf8'));

it.each(Object.entries(DOCUMENTS))('%s is an operation of the API as it is', (_name, document) => {
  expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
});
