import { z } from 'zod';

export const Texts = z.object({
  email: z.email(),
  length: z.string().min(2).max(5),
  exact: z.string().length(3),
  pattern: z.string().regex(/^a+$/).describe('Letters "a" only'),
  starts: z.string().startsWith('a').endsWith('z').includes('m'),
  url: z.url(),
  uuid: z.uuid(),
  moment: z.iso.datetime(),
  day: z.iso.date(),
  time: z.iso.time(),
  duration: z.iso.duration(),
  ip: z.ipv4(),
  base64: z.base64(),
  trimmed: z.string().trim().toLowerCase(),
  template: z.templateLiteral(['v', z.number(), '.', z.enum(['a', 'b'])]),
});

export const Numbers = z.object({
  any: z.number(),
  whole: z.int(),
  small: z.int32(),
  positive: z.number().positive(),
  range: z.number().min(1).max(10),
  open: z.number().gt(1).lt(2),
  fives: z.number().multipleOf(5),
});

export const Absences = z.object({
  optional: z.string().optional(),
  nullable: z.string().nullable(),
  nullish: z.string().nullish(),
  default: z.number().default(3),
  prefault: z.string().prefault('x'),
  nested: z.object({ inner: z.number().optional().default(1) }).optional(),
  readonly: z.array(z.string()).readonly(),
  branded: z.string().brand('Id'),
});

export const Lists = z.object({
  some: z.array(z.number()).min(1).max(3),
  nonempty: z.array(z.string()).nonempty(),
  matrix: z.array(z.array(z.number())),
  pair: z.tuple([z.string(), z.number()]),
  rest: z.tuple([z.string()], z.number()),
});

export const Objects = z.object({
  strict: z.strictObject({ a: z.string() }),
  loose: z.looseObject({ a: z.string() }),
  catchall: z.object({ a: z.string() }).catchall(z.string()),
  partial: z.object({ a: z.string(), b: z.number() }).partial(),
  picked: z.object({ a: z.string(), b: z.number() }).pick({ a: true }),
  extended: z.object({ a: z.string() }).extend({ b: z.number() }),
  record: z.record(z.string(), z.number()),
  keyed: z.record(z.enum(['a', 'b']), z.number()),
  partlyKeyed: z.partialRecord(z.enum(['a', 'b']), z.number()),
});

const Colour = { Red: 'red', Green: 'green' } as const;

export const Choices = z.object({
  literal: z.literal('a'),
  literals: z.literal(['a', 1, true, null]),
  enumeration: z.enum(['low', 'high']),
  native: z.enum(Colour),
  union: z.union([z.string(), z.number(), z.null()]),
  tagged: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('circle'), radius: z.number() }),
    z.object({ kind: z.literal('square'), side: z.number() }),
  ]),
  both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })),
  unknown: z.unknown(),
  boolean: z.boolean(),
});

export const Tree = z.object({
  name: z.string(),
  get parts() {
    return z.array(Tree).optional();
  },
});

const Shared = z.object({ id: z.string() }).meta({ id: 'Shared', title: 'What is shared', description: 'Used twice.' });
export const Sharing = z.object({ first: Shared, second: Shared.optional(), all: z.array(Shared) });

/** What callers give differs from what is parsed. */
export const Transformed = z.object({
  count: z.string().transform(Number),
  piped: z.string().pipe(z.coerce.number()),
  yes: z.stringbool(),
  code: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
});
