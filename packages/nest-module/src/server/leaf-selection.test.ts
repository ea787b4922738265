import { describe, expect, it } from '@jest/globals';
import { buildSchema, execute, GraphQLScalarType, parse, type GraphQLSchema } from 'graphql';

import { LeafSelection } from './leaf-selection.js';

/** As the module's: what is pushed is the root of its execution. */
function schemaOf(): GraphQLSchema {
  const schema = buildSchema(`
    enum Kind { STARTED ENDED }
    scalar Upper
    type Other { name: String }
    type Event { seq: Int! kind: Kind! note: String upper: Upper tags: [String!] other: Other }
    type Query { none: Int }
    type Subscription { events(of: ID!): Event! maybe: Event numbers: Int }
  `);
  const upper = schema.getType('Upper');
  if (!(upper instanceof GraphQLScalarType)) throw new Error('no scalar');
  upper.serialize = (value) => {
    if (typeof value !== 'string') throw new TypeError('no text');
    return value === '' ? null : value.toUpperCase();
  };
  for (const field of Object.values(schema.getSubscriptionType()!.getFields())) field.resolve = (pushed: unknown) => pushed;
  return schema;
}

class Event {
  readonly seq = 7;
  readonly kind = 'STARTED';
  readonly tags = ['a'];
  readonly other = { name: 'o' };

  constructor(
    readonly note?: string | null,
    readonly upper: unknown = 'loud',
  ) {}
}

const schema = schemaOf();
const operationOf = (query: string, operationName?: string) => ({
  schema,
  document: parse(query),
  operationName: operationName ?? null,
  variableValues: { of: '1', yes: true },
});

/** As text, in which the order of the fields counts. */
const read = (query: string, event: object, name?: string): string | undefined => {
  const data = LeafSelection.of(operationOf(query, name))!.read(event);
  return data ? JSON.stringify({ data }) : undefined;
};
const executed = (query: string, event: object, name?: string): string =>
  JSON.stringify(execute({ ...operationOf(query, name), rootValue: event }));

describe('leaves of an object', () => {
  it.each([
    'subscription ($of: ID!) { events(of: $of) { seq } }',
    'subscription { events(of: "1") { kind seq note upper } }',
    'subscription { told: events(of: "1") { number: seq seq seq what: kind } }',
    'subscription { maybe { note } }',
    'subscription { events(of: "1") { seq __typename kind type: __typename } }',
  ])('%s is read as it is executed', (query) => {
    for (const event of [new Event(), new Event(null), new Event('text'), new Event('', 'x')])
      expect(read(query, event)).toBe(executed(query, event));
  });

  it('are those of the named operation', () => {
    const query = 'subscription A { maybe { note } } subscription B { events(of: "1") { seq } }';
    expect(read(query, new Event('x'), 'B')).toBe(executed(query, new Event('x'), 'B'));
  });

  it.each([
    ['what is required is missing', 'subscription { events(of: "1") { seq } }', {}],
    ['a value is none of its enum', 'subscription { events(of: "1") { kind } }', { kind: 'ELSE' }],
    ['a scalar refuses its value', 'subscription { events(of: "1") { upper } }', new Event('', 7)],
    ['a scalar makes nothing of its value', 'subscription { events(of: "1") { upper } }', new Event('', '')],
  ])('are left to an execution where %s', (_why, query, event) => {
    expect(read(query, event)).toBeUndefined();
    expect(executed(query, event)).toContain('"errors"');
  });
});

describe('a selection of more than leaves', () => {
  it.each([
    'subscription { events(of: "1") { seq @include(if: true) } }',
    'subscription ($yes: Boolean!) { events(of: "1") @skip(if: $yes) { seq } }',
    'subscription { events(of: "1") { ... { seq } } }',
    'subscription { events(of: "1") { ...F } } fragment F on Event { seq }',
    'subscription { ...R } fragment R on Subscription { events(of: "1") { seq } }',
    'subscription { events(of: "1") { seq } events(of: "1") { kind } }',
    'subscription { events(of: "1") { other { name } } }',
    'subscription { events(of: "1") { tags } }',
    'subscription { numbers }',
  ])('is left to an execution: %s', (query) => {
    expect(LeafSelection.of(operationOf(query))).toBeNull();
  });
});
