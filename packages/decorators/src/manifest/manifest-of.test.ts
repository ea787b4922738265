import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { TaskContext } from '@taskloom/core';

import { TaskAgent, toAgentDefinition, toWorkflowDefinition, Workflow } from '../index.js';
import { manifestOf } from './manifest-of.js';

@TaskAgent({ name: 'age' })
class Age {
  execute(input: { born: Date }) {
    return { years: 2026 - input.born.getUTCFullYear(), at: new Date(0) };
  }
}

@Workflow({ name: 'ages' })
class Ages {
  plan(): void {}
}

const manifest = manifestOf({
  agents: {
    age: {
      input: {
        type: 'object',
        properties: { born: { type: 'string', format: 'date-time', 'x-taskloom': 'date' } },
        required: ['born'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { years: { type: 'number' }, at: { type: 'string', format: 'date-time', 'x-taskloom': 'date' } },
        required: ['years', 'at'],
        additionalProperties: false,
      },
    },
  },
  workflows: { ages: { input: { type: 'object', properties: {}, additionalProperties: false } } },
});

describe('a manifest', () => {
  it('brings schemas to an agent without any: JSON goes in and comes out, the code sees its own types', async () => {
    const definition = toAgentDefinition(Age, new Age(), { manifest });
    const parsed = await definition.inputSchema['~standard'].validate({ born: '2000-05-01T00:00:00Z' });
    const returned = await definition.execute((parsed as { value: never }).value, {} as TaskContext);
    expect(await definition.outputSchema['~standard'].validate(returned)).toEqual({ value: { years: 26, at: '1970-01-01T00:00:00.000Z' } });
    expect(definition.inputJsonSchema).toMatchObject({ properties: { born: { type: 'string', format: 'date-time' } } });
  });

  it('brings an input schema to a workflow that has no output', () => {
    expect(toWorkflowDefinition(Ages, new Ages(), { manifest })).toMatchObject({ outputSchema: null, inputJsonSchema: { type: 'object' } });
  });
});
