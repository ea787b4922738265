import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { buildSchema, isObjectType, Kind, parse, TypeInfo, validate, visit, visitWithTypeInfo, type GraphQLObjectType } from 'graphql';

import { DOCUMENTS } from './documents.js';

const schema = buildSchema(readFileSync(new URL('../../nest-module/schema.graphql', import.meta.url), 'utf8'));

/** The names of the fields that a document asks for, by the type they belong to. */
function fieldsAskedFor(document: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const info = new TypeInfo(schema);
  visit(
    parse(document),
    visitWithTypeInfo(info, {
      Field: ({ name }) => {
        const type = info.getParentType()!.name;
        found.set(type, (found.get(type) ?? new Set()).add(name.value));
      },
    }),
  );
  return found;
}

describe.each(Object.entries(DOCUMENTS))('%s', (name, document) => {
  it('is an operation of the API as it is', () => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });

  it('gives its result under its own name', () => {
    const [operation] = parse(document).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    const [root, ...others] = operation.selectionSet.selections;
    if (root?.kind !== Kind.FIELD) throw new Error('no field');
    expect([root.alias?.value ?? root.name.value, others]).toEqual([name, []]);
  });
});

it.each([
  'Agent',
  'Alert',
  'Attempt',
  'Distribution',
  'EngineIdentity',
  'Failure',
  'HumanRequest',
  'Cost',
  'JobCost',
  'JobCounts',
  'JobEvent',
  'JobMetrics',
  'JobProgress',
  'JobReport',
  'Limit',
  'Metrics',
  'Overview',
  'Schedule',
  'StoryCost',
  'StoryProgress',
  'TaskCounts',
  'TaskMetrics',
  'TaskReport',
  'Why',
  'Workflow',
])('wherever a %s is given, it is given whole, as its type says', (name) => {
  const type = schema.getType(name);
  expect(isObjectType(type)).toBe(true);
  const all = Object.keys((type as GraphQLObjectType).getFields()).sort();
  const asked = Object.values(DOCUMENTS).flatMap((document) => [...(fieldsAskedFor(document).get(name) ?? [])].sort().join());
  expect(new Set(asked.filter((fields) => fields !== ''))).toEqual(new Set([all.join()]));
});

it.each(['Query', 'Mutation', 'Subscription'])('every field of %s has an operation', (name) => {
  const asked = Object.values(DOCUMENTS).flatMap((document) => [...(fieldsAskedFor(document).get(name) ?? [])]);
  expect(new Set(asked)).toEqual(new Set(Object.keys((schema.getType(name) as GraphQLObjectType).getFields())));
});

it.each(['Query', 'Mutation', 'Subscription'])('every argument of every field of %s can be given', (name) => {
  const given = new Map<string, readonly string[]>();
  const info = new TypeInfo(schema);
  for (const document of Object.values(DOCUMENTS))
    visit(
      parse(document),
      visitWithTypeInfo(info, {
        Field: ({ name: field, arguments: args = [] }) => {
          if (info.getParentType()!.name === name) given.set(field.value, args.map((argument) => argument.name.value).sort());
        },
      }),
    );
  const fields = Object.values((schema.getType(name) as GraphQLObjectType).getFields());
  expect(Object.fromEntries(given)).toEqual(
    Object.fromEntries(fields.map(({ name: field, args }) => [field, args.map((arg) => arg.name).sort()])),
  );
});

it('the types of the schema are those of the API as it is', async () => {
  const script = fileURLToPath(new URL('../write-schema-types.mjs', import.meta.url));
  await promisify(execFile)(process.execPath, [script, '--check']);
});
