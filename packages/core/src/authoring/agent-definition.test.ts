import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { ConfigError } from '../errors/definition-errors.js';
import { createAgentDefinition, defineAgent } from './agent-definition.js';

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
});
