import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

import { ConfigError } from '../errors/definition-errors.js';
import { createPubSubAgentDefinition, definePubSubAgent } from './pubsub-agent.js';
import { validate } from './schema.js';
import { defineTopic } from './topic.js';

const Ordered = defineTopic({ name: 'ordered', payload: z.object({ item: z.string(), count: z.number().default(1) }) });
const Paid = defineTopic({ name: 'paid', description: 'Money came.', payload: z.number() });
const message = (more: object): object => ({
  topic: 'ordered',
  payload: { item: 'tea' },
  id: '1',
  publishedBy: 'j:1',
  publishedAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('a topic', () => {
  it('has a name, a payload, and nothing else', () => {
    expect(Paid).toMatchObject({ kind: 'topic', name: 'paid', description: 'Money came.', payloadJsonSchema: { type: 'number' } });
    expect(() => defineTopic({ name: 'no spaces', payload: z.number() })).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
    expect(() => defineTopic({ name: 'a' } as never)).toThrow(expect.objectContaining({ code: 'SCHEMA_MISSING' }));
    expect(() => defineTopic({ name: 'a', payload: z.date() })).toThrow(expect.objectContaining({ code: 'SCHEMA_NOT_JSON' }));
    expect(problemsOf(() => defineTopic({ name: 'a', payload: 5, desciption: '' } as never))).toEqual([
      'topic "a" has an unknown option "desciption"; did you mean "description"?',
      expect.stringContaining('`payload` of topic "a" is no schema'),
    ]);
  });
});

describe('a pub/sub agent', () => {
  const definition = definePubSubAgent({
    name: 'ship',
    subscribes: [Ordered, Paid],
    publishes: [Paid],
    retry: 3,
    execute: () => undefined,
  });

  it('is an agent whose input is a message of its topics, the payload parsed', async () => {
    expect(definition).toMatchObject({ kind: 'agent', subscribes: [Ordered, Paid], publishes: [Paid], retry: { maxAttempts: 3 } });
    expect(await validate(definition.inputSchema, message({}))).toEqual({
      ok: true,
      value: message({ payload: { item: 'tea', count: 1 } }),
    });
    expect(await validate(definition.inputSchema, message({ topic: 'paid', payload: 'tea' }))).toMatchObject({
      ok: false,
      issues: [{ path: '/payload' }],
    });
    expect(await validate(definition.inputSchema, message({ topic: 'sent', id: 5 }))).toMatchObject({
      ok: false,
      issues: [{ path: '/topic' }, { path: '/id' }],
    });
    expect(await validate(definition.inputSchema, null)).toMatchObject({ ok: false });
  });

  it('describes its messages as JSON Schema that a validator understands, recursive payloads included', () => {
    interface Tree {
      children: Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ children: z.array(tree) })).meta({ id: 'Tree' });
    const Grown = defineTopic({ name: 'grown', payload: tree });
    const { inputJsonSchema } = definePubSubAgent({ name: 'look', subscribes: [Grown, Paid], execute: () => null });
    const ajv = new Ajv2020();
    addFormats.default(ajv);
    const fits = ajv.compile(inputJsonSchema);

    expect(fits(message({ topic: 'grown', payload: { children: [{ children: [] }] } }))).toBe(true);
    expect(fits(message({ topic: 'grown', payload: { children: [{ children: 5 }] } }))).toBe(false);
    expect(fits(message({ topic: 'paid', payload: 5 }))).toBe(true);
    expect(fits(message({ topic: 'ordered' }))).toBe(false);
  });

  it('is refused without topics, with ones that are none or come twice, and with a contract of its own', () => {
    const make = (options: object) => () => createPubSubAgentDefinition({ name: 'a', ...options } as never, () => null, null);
    expect(problemsOf(make({}))).toEqual(['`subscribes` of agent "a" must name at least one topic.']);
    expect(problemsOf(make({ subscribes: [] }))).toEqual(['`subscribes` of agent "a" must name at least one topic.']);
    expect(problemsOf(make({ subscribes: ['paid'] }))).toEqual([expect.stringContaining('made by `defineTopic`')]);
    expect(problemsOf(make({ subscribes: [Paid, Paid] }))).toEqual(['`subscribes` of agent "a" names the topic "paid" twice.']);
    expect(problemsOf(make({ subscribes: [Paid], publishes: Paid }))).toEqual([
      expect.stringContaining('`publishes` of agent "a" must be a list'),
    ]);
    expect(problemsOf(make({ subscribes: [Paid], input: z.number(), batch: { maxSize: 2, maxWait: 0 } }))).toEqual([
      expect.stringContaining('no `input`'),
      expect.stringContaining('no `batch`'),
    ]);
  });
});
