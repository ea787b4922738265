import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { ConfigError } from '../errors/definition-errors.js';
import { createAgentDefinition, defineAgent } from './agent-definition.js';
import type { JsonObject } from '../kernel/json.js';
import type { Schema } from './schema.js';
import { defineTopic } from './topic.js';
import { defineWorkflow } from './workflow-definition.js';

const input = z.object({ url: z.string() });
const output = z.object({ text: z.string() });
const execute = (): { text: string } => ({ text: '' });

/** Defines an agent with options that no compiler has looked at. */
const define = (options: object): unknown => createAgentDefinition({ name: 'a', input, output, ...options }, execute, null);

function problemsOf(options: object): readonly string[] {
  try {
    define(options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the JSON Schema of a definition (bad input F8)', () => {
  const given = (json: unknown): Schema => ({
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => json as JsonObject, output: () => json as JsonObject },
    },
  });
  const deep: unknown = Array.from({ length: 5_000 }).reduce((items) => ({ items }), {});

  it.each<[string, unknown, string]>([
    ['a remote `$ref`', { properties: { a: { $ref: 'https://example.org/a.json' } } }, 'remote-reference'],
    ['`$data`', { properties: { a: { maximum: { $data: '1/b' } } } }, 'data-reference'],
    ['5,000 levels', deep, 'depth'],
  ])('with %s is refused, with its owner, the rule and the place', (_, json, rule) => {
    const refused = (act: () => unknown): unknown => {
      try {
        return act();
      } catch (error) {
        return error;
      }
    };
    const any = z.unknown();
    const definitions = [
      () => defineAgent({ name: 'one', input: given(json), output: any, execute: () => null }),
      () => defineAgent({ name: 'one', input: any, output: given(json), execute: () => null }),
      () => defineWorkflow({ name: 'one', input: given(json), plan: () => undefined }),
      () => defineTopic({ name: 'one', payload: given(json) }),
    ];
    for (const definition of definitions)
      expect(refused(definition)).toMatchObject({ code: 'SCHEMA_UNSAFE', message: expect.stringContaining('"one"'), details: { rule } });
  });
});

describe('an agent', () => {
  it('is complete with a name, two schemas and something to do', () => {
    expect(defineAgent({ name: 'fetch', input, output, execute })).toMatchObject({
      kind: 'agent',
      name: 'fetch',
      description: '',
      version: '1',
      capabilities: [],
      retry: { maxAttempts: 1 },
      timeoutMs: null,
      idleTimeoutMs: 0,
      concurrency: null,
      target: null,
    });
  });

  it('keeps everything that is said of it', () => {
    const agent = defineAgent({
      name: 'fetch',
      description: 'Fetches',
      version: '7',
      input,
      output,
      capabilities: ['web'],
      retry: { maxAttempts: 4, delay: '2s' },
      timeout: '30s',
      idleTimeout: 500,
      concurrency: 8,
      execute,
    });

    expect(agent).toMatchObject({ version: '7', capabilities: ['web'], timeoutMs: 30_000, idleTimeoutMs: 500, concurrency: 8 });
    expect(agent.retry).toMatchObject({ maxAttempts: 4, delayMs: 2_000 });
  });

  it('describes what callers give and what is stored', () => {
    const agent = defineAgent({
      name: 'count',
      input: z.object({ path: z.string(), depth: z.number().default(3) }),
      output: z.object({ lines: z.number().int() }),
      execute: () => ({ lines: 1 }),
    });

    expect(agent.inputJsonSchema).toMatchObject({ type: 'object', required: ['path'] });
    expect(agent.outputJsonSchema).toMatchObject({ properties: { lines: { type: 'integer' } } });
  });

  it('may run without a timeout', () => {
    expect(define({ timeout: 0 })).toMatchObject({ timeoutMs: 0 });
  });

  it('is not changed by what happens to its options later', () => {
    const capabilities = ['web'];
    const agent = define({ capabilities }) as { capabilities: string[] };
    capabilities.push('files');

    expect(agent.capabilities).toEqual(['web']);
  });

  it.each<[string, object, string]>([
    ['a timeout in words', { timeout: '5 minutes' }, '`timeout`'],
    ['a negative timeout', { timeout: '-1s' }, '`timeout`'],
    ['a timeout of NaN', { timeout: Number.NaN }, '`timeout`'],
    ['a timeout without end', { timeout: Number.POSITIVE_INFINITY }, '`timeout`'],
    ['a timeout of 31 years', { timeout: 1e12 }, '`timeout`'],
    ['an idle timeout in words', { idleTimeout: 'soon' }, '`idleTimeout`'],
    ['no places', { concurrency: 0 }, '`concurrency`'],
    ['fewer than no places', { concurrency: -1 }, '`concurrency`'],
    ['half a place', { concurrency: 1.5 }, '`concurrency`'],
    ['places in a text', { concurrency: '8' }, '`concurrency`'],
    ['no attempts', { retry: 0 }, '`retry.maxAttempts`'],
    ['an input that is no schema', { input: {} }, '`input`'],
    ['an output that is no schema', { output: { type: 'object' } }, '`output`'],
    ['a misspelt option', { timout: '5s' }, '"timout"'],
    ['capabilities that are one text', { capabilities: 'web' }, '`capabilities`'],
  ])('does not have %s', (_, options, named) => {
    const problems = problemsOf(options);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(named);
    expect(problems[0]).toContain('agent "a"');
  });

  it('is refused with everything that is wrong with it', () => {
    expect(problemsOf({ timeout: 'x', idleTimeout: 'y', concurrency: 0, retries: 3, retry: { maxAttempts: 0, factor: 0 } })).toHaveLength(
      6,
    );
  });

  it.each([undefined, '', 'a b', '__proto__', 'constructor', '$map', 'x'.repeat(201), 5, null])('is not named %p', (name) => {
    expect(() => define({ name })).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
  });

  it.each(['input', 'output'])('needs a schema for its %s', (side) => {
    expect(() => define({ [side]: undefined })).toThrow(expect.objectContaining({ code: 'SCHEMA_MISSING' }));
  });

  it.each<[string, z.ZodType]>([
    ['a Date', z.date()],
    ['a bigint', z.bigint()],
    ['a Map', z.map(z.string(), z.string())],
    ['a symbol', z.symbol()],
    ['undefined', z.undefined()],
    ['a function', z.custom<() => void>(() => true).pipe(z.function())],
  ])('cannot put out %s, which JSON does not have', (_, schema) => {
    expect(() => define({ output: z.object({ a: schema }) })).toThrow(expect.objectContaining({ code: 'SCHEMA_NOT_JSON' }));
  });

  it('takes what is said of its limits, and else what is documented', () => {
    expect(defineAgent({ name: 'a', input, output, execute })).toMatchObject({
      concurrency: null,
      concurrencyPerKey: 1,
      concurrencyKey: null,
      rate: null,
      limits: [],
      resources: null,
      exclusive: false,
    });
    const said = { concurrency: 4, concurrencyPerKey: 2, concurrencyKey: 'all', limits: ['api'], resources: { cpu: 0.5 }, exclusive: true };
    expect(defineAgent({ name: 'a', input, output, execute, ...said, rate: { starts: 3, per: '1m' } })).toMatchObject({
      ...said,
      rate: { starts: 3, perMs: 60_000 },
    });
  });

  it.each<[string, object, string]>([
    ['concurrency of 0', { concurrency: 0 }, '`concurrency`'],
    ['concurrency of a million', { concurrency: 1e6 }, '`concurrency`'],
    ['places for each key that it does not have', { concurrency: 2, concurrencyPerKey: 3 }, 'is 3, above its `concurrency` of 2'],
    ['half a place for each key', { concurrencyPerKey: 0.5 }, '`concurrencyPerKey`'],
    ['an empty key', { concurrencyKey: '' }, '`concurrencyKey`'],
    ['a key that is a function', { concurrencyKey: () => 'x' }, '`concurrencyKey`'],
    ['a rate without a time', { rate: { starts: 1 } }, '`rate.per`'],
    ['a rate of nothing', { rate: { starts: 0, per: '1s' } }, '`rate.starts`'],
    ['a rate with an option that does not exist', { rate: { starts: 1, per: '1s', burst: 2 } }, '`rate.burst`'],
    ['a rate that is a number', { rate: 5 }, '`rate`'],
    ['limits that are no list', { limits: 'api' }, '`limits`'],
    ['a negative amount', { resources: { cpu: -1 } }, '`resources.cpu`'],
    ['an amount without end', { resources: { cpu: Number.POSITIVE_INFINITY } }, '`resources.cpu`'],
    ['a pool with a name that is none', { resources: { 'a b': 1 } }, '`resources.a b`'],
    ['exclusive in words', { exclusive: 'no' }, '`exclusive`'],
    [
      'an idle timeout that cannot come',
      { timeout: '1s', idleTimeout: '2s' },
      '`idleTimeout` of agent "a" is "2s", longer than its `timeout` of "1s"',
    ],
    ['a typo', { concurency: 2 }, 'did you mean "concurrency"?'],
  ])('is refused with %s (D10, C1, C6)', (_, options, named) => {
    const [problem, ...others] = problemsOf(options);

    expect(problem).toContain(named);
    expect(others).toEqual([]);
  });

  it.each<[string, object]>([
    ['a timeout in words', { timeout: '5 minutes' }],
    ['a negative timeout', { timeout: '-1s' }],
    ['a timeout that is no number', { timeout: Number.NaN }],
    ['a timeout without end', { timeout: Number.POSITIVE_INFINITY }],
    ['a timeout of thirty years', { timeout: 1e12 }],
    ['minus one attempt', { retry: -1 }],
    ['one and a half attempts', { retry: 1.5 }],
    ['a billion attempts', { retry: 1e9 }],
    ['a backoff factor of 0', { retry: { maxAttempts: 2, factor: 0 } }],
  ])('is refused out of range: %s (D10)', (_, options) => {
    expect(problemsOf(options)).toHaveLength(1);
  });
});

it.each([null, 5, 'x', [], undefined])('an agent, and a workflow, is an object of options, not %j', (options) => {
  const given = options as never;
  const wrong = `are ${JSON.stringify(options)}; they must be an object such as \`{ name: `;
  expect(() => defineAgent(given)).toThrow(ConfigError);
  expect(() => defineAgent(given)).toThrow(`The options of an agent ${wrong}'greet'`);
  expect(() => defineWorkflow(given)).toThrow(ConfigError);
  expect(() => defineWorkflow(given)).toThrow(`The options of a workflow ${wrong}'report'`);
});

describe('an agent that runs in batches', () => {
  const batch = { maxSize: 10, maxWait: '20ms' } as const;
  const executeBatch = (): Promise<never[]> => Promise.resolve([]);
  const problems = (options: object): readonly string[] => {
    try {
      defineAgent({ name: 'a', input, output, ...options } as never);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };

  it('has a size, a wait, and one function for all', () => {
    expect(defineAgent({ name: 'a', input, output, batch, executeBatch })).toMatchObject({
      batch: { maxSize: 10, maxWaitMs: 20, execute: executeBatch },
    });
    expect(define({})).toMatchObject({ batch: null });
  });

  it('is refused where it could not run', () => {
    const one = "must have `execute`, or `batch` and `executeBatch`, or `scope: 'per-task'` and `create`";
    expect(problems({})).toEqual([expect.stringContaining(`${one}; it has none of them.`)]);
    expect(problems({ execute, batch, executeBatch })).toEqual([
      expect.stringContaining(`${one}; it has execute and batch and executeBatch.`),
    ]);
    expect(problems({ execute, batch })).toEqual([expect.stringContaining('`batch` of agent "a"')]);
    expect(problems({ executeBatch })).toEqual([expect.stringContaining('`batch` of agent "a"')]);
    expect(problems({ executeBatch, batch: { maxSize: 0, maxWait: 'soon', size: 1 } })).toHaveLength(3);
    expect(problems({ executeBatch, batch: { maxSize: 1_001, maxWait: 0 } })).toEqual([expect.stringContaining('`batch.maxSize`')]);
    expect(problems({ executeBatch, batch, concurrency: 9 })).toEqual([expect.stringContaining('a batch could never be full')]);
    for (const concurrency of [Symbol('x'), '9', 9n])
      expect(problems({ executeBatch, batch, concurrency })).toEqual([expect.stringContaining('`concurrency` of agent "a" is ')]);
    expect(problems({ executeBatch, batch, exclusive: true })).toEqual([expect.stringContaining('never hold more than one task')]);
    expect(problems({ executeBatch, batch, timeout: 10 })).toEqual([expect.stringContaining('longer than they may run')]);
    expect(problems({ executeBatch, batch, retrry: 3 })).toEqual([expect.stringContaining('unknown option "retrry"')]);
  });
});
