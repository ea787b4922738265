import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { ConfigError } from '../errors/definition-errors.js';
import { createWorkflowDefinition, defineWorkflow } from './workflow-definition.js';

const input = z.object({ root: z.string() });

const define = (options: object): unknown => createWorkflowDefinition({ name: 'w', input, ...options }, () => undefined, null);

describe('a workflow', () => {
  it('is complete with a name, an input schema and a plan', () => {
    const workflow = defineWorkflow({ name: 'report', input, plan: () => undefined });

    expect(workflow).toMatchObject({
      kind: 'workflow',
      name: 'report',
      description: '',
      version: '1',
      outputSchema: null,
      outputJsonSchema: null,
    });
    expect(workflow.inputJsonSchema).toMatchObject({ required: ['root'] });
  });

  it('describes its output where it has one', () => {
    expect(define({ output: z.object({ text: z.string() }) })).toMatchObject({ outputJsonSchema: { required: ['text'] } });
  });

  it.each<[string, object, string]>([
    ['a misspelt option', { outputs: z.object({}) }, '"outputs"'],
    ['an output that is no schema', { output: {} }, '`output`'],
    ['an input that is no schema', { input: { type: 'object' } }, '`input`'],
  ])('does not have %s', (_, options, named) => {
    expect(() => define(options)).toThrow(ConfigError);
    expect(() => define(options)).toThrow(named);
  });

  it('needs a name and an input schema', () => {
    expect(() => define({ name: 'a b' })).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
    expect(() => define({ input: undefined })).toThrow(expect.objectContaining({ code: 'SCHEMA_MISSING' }));
  });

  it('cannot put out what JSON does not have', () => {
    expect(() => define({ output: z.date() })).toThrow(expect.objectContaining({ code: 'SCHEMA_NOT_JSON' }));
  });
});
