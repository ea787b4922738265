import { describe, expect, it } from '@jest/globals';
import { buildSchema, execute, GraphQLScalarType, parse, type GraphQLSchema } from 'graphql';

import { LeafSelection } from './leaf-selection.js';

/** As the module's: what is pushed is the root of its execution. */
function schemaOf(): GraphQLSchema {
  const schema = buildSchema(`
    enum Kind { STARTED ENDED }
    scalar Upper
    interface Named { name: String! }
    type Other implements Named { name: String! upper: Upper inner: Other }
    type Event { seq: Int! kind: Kind! note: String upper: Upper tags: [String!] other: Other sure: Other! named: Named }
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
  readonly sure = { name: 's', upper: 'up' };

  constructor(
    readonly note?: string | null,
    readonly upper: unknown = 'loud',
    readonly other: unknown = { name: 'o', upper: null, inner: { name: 'i' } },
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
    'subscription { events(of: "1") { seq other { name } kind } }',
    'subscription { events(of: "1") { by: other { what: name name __typename upper inner { name inner { name } } } sure { upper } } }',
  ])('%s is read as it is executed', (query) => {
    for (const event of [new Event(), new Event(null), new Event('text'), new Event('', 'x'), new Event('', 'x', null)])
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
    ['an object that is required is missing', 'subscription { events(of: "1") { sure { name } } }', {}],
    ['an object lacks what is required', 'subscription { events(of: "1") { other { name } } }', new Event('', 'x', {})],
    ['a scalar in an object refuses its value', 'subscription { events(of: "1") { other { upper } } }', new Event('', 'x', { upper: 7 })],
    ['an object is none', 'subscription { events(of: "1") { other { name } } }', new Event('', 'x', 'o')],
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
    'subscription { events(of: "1") { other { name @include(if: true) } } }',
    'subscription { events(of: "1") { other { ...F } } } fragment F on Other { name }',
    'subscription { events(of: "1") { other { name } other { upper } } }',
    'subscription { events(of: "1") { named { name } } }',
    'subscription { events(of: "1") { tags } }',
    'subscription { numbers }',
  ])('is left to an execution: %s', (query) => {
    expect(LeafSelection.of(operationOf(query))).toBeNull();
  });
});
