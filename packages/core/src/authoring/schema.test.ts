import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { describeIssues, isSchema, jsonSchemaOf, validate } from './schema.js';

describe('checking a value', () => {
  it('gives back what the schema makes of it', () => {
    expect(validate(z.object({ depth: z.number().default(3) }), {})).toEqual({ ok: true, value: { depth: 3 } });
  });

  it('names each place that does not fit by JSON Pointer', () => {
    const schema = z.object({ files: z.array(z.object({ 'a/b~c': z.string() })), n: z.number() });

    expect(validate(schema, { files: [{ 'a/b~c': 'x' }, { 'a/b~c': 5 }], n: 'x' })).toMatchObject({
      ok: false,
      issues: [{ path: '/files/1/a~1b~0c' }, { path: '/n' }],
    });
  });

  it('names the whole value with the empty pointer', () => {
    expect(validate(z.string(), 5)).toMatchObject({ ok: false, issues: [{ path: '' }] });
  });

  it('lists at most 20 places', () => {
    const result = validate(
      z.array(z.string()),
      Array.from({ length: 1_000 }, () => 5),
    );

    expect('issues' in result && result.issues).toHaveLength(20);
  });

  it('waits for a schema that takes its time', async () => {
    const schema = z.string().refine((text) => Promise.resolve(text === 'yes'), 'must be yes');

    expect(await validate(schema, 'yes')).toEqual({ ok: true, value: 'yes' });
    expect(await validate(schema, 'no')).toEqual({ ok: false, issues: [{ path: '', message: 'must be yes' }] });
  });

  it('takes keys that are objects or symbols in another library', () => {
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: () => ({ issues: [{ message: 'wrong', path: [{ key: 'a' }, 0, Symbol('s')] }] }),
        jsonSchema: { input: () => ({}), output: () => ({}) },
      },
    };

    expect(validate(schema, 1)).toEqual({ ok: false, issues: [{ path: '/a/0/Symbol(s)', message: 'wrong' }] });
  });
});

describe('issues in one line', () => {
  it('show the root as such', () => {
    expect(
      describeIssues([
        { path: '', message: 'expected object' },
        { path: '/url', message: 'expected string' },
      ]),
    ).toBe('(root): expected object; /url: expected string');
  });
});

describe('a schema as JSON Schema', () => {
  const schema = z.object({ depth: z.number().default(3), text: z.string().transform((text) => text.length) });

  it('tells what goes in', () => {
    expect(jsonSchemaOf(schema, 'input', 'x')).toMatchObject({ required: ['text'], properties: { text: { type: 'string' } } });
  });

  it('is refused where what comes out cannot be said, naming whose it is', () => {
    expect(() => jsonSchemaOf(schema, 'output', 'agent "x"')).toThrow(
      expect.objectContaining({ code: 'SCHEMA_NOT_JSON', details: { owner: 'agent "x"', side: 'output' } }),
    );
  });

  it('of a schema that refers to itself is made', () => {
    const tree = z.object({
      name: z.string(),
      get children() {
        return z.array(tree);
      },
    });

    expect(JSON.stringify(jsonSchemaOf(tree, 'input', 'x'))).toContain('$ref');
  });
});

describe('what can serve as a schema', () => {
  it.each<[string, unknown, boolean]>([
    ['a zod schema', z.string(), true],
    ['a function with the standard on it', Object.assign(() => 1, { '~standard': z.string()['~standard'] }), true],
    ['a plain object', {}, false],
    ['a JSON Schema', { type: 'object' }, false],
    ['a Standard Schema without JSON Schema', { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } }, false],
    ['the standard as null', { '~standard': null }, false],
    ['null', null, false],
    ['undefined', undefined, false],
    ['a text', 'x', false],
  ])('%s', (_, value, expected) => {
    expect(isSchema(value)).toBe(expected);
  });
});
