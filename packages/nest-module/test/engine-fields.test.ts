import { describe, expect, it } from '@jest/globals';
import type {
  InputSubmission,
  JobOptions,
  JobSubmission,
  MapSubmission,
  RefSubmission,
  RetryPolicy,
  StepSubmission,
  TaskOverrides,
  TaskSubmission,
} from '@taskloom/core';
import { buildSchema, isInputObjectType } from 'graphql';

import { printApiSchema } from '../src/print-api-schema.js';

/** Each field of one of the engine's forms, and what it is called in the API; `null`: left out there. */
type Named<Form> = Readonly<Record<keyof Form, string | null>>;

/*
 * A field that the engine gets does not compile here until it is decided about. Left out is what would lift a guard that the
 * author of an agent or of the application has set up, and what the API says itself.
 */

const REF: Named<RefSubmission> = { at: 'at', task: 'task', path: 'path', or: 'or' };

const TEMPLATE: Named<InputSubmission> = { value: 'value', refs: 'refs' };

const OVERRIDES: Named<TaskOverrides> = {
  retry: 'retry',
  timeoutMs: 'timeout',
  idleTimeoutMs: 'idleTimeout',
  limits: 'limits',
  concurrencyKey: 'concurrencyKey',
  // Less than its agent reserves, or company for one that must run alone, would harm the process.
  resources: null,
  exclusive: null,
};

const RETRY: Named<RetryPolicy> = {
  maxAttempts: 'maxAttempts',
  kind: 'backoff',
  delayMs: 'delay',
  maxDelayMs: 'maxDelay',
  factor: 'factor',
  jitter: 'jitter',
};

const MAP: Named<MapSubmission> = {
  over: 'over',
  agent: 'agent',
  input: 'input',
  items: 'items',
  batch: 'batch',
  name: 'name',
  overrides: 'overrides',
};

const TASK: Named<TaskSubmission> = {
  key: 'key',
  agent: 'agent',
  type: 'type',
  parent: 'parent',
  name: 'name',
  description: 'description',
  kind: 'kind',
  assignee: 'assignee',
  acceptanceCriteria: 'acceptanceCriteria',
  input: 'input',
  refs: 'refs',
  dependsOn: 'dependsOn',
  when: 'when',
  map: 'map',
  priority: 'priority',
  weight: 'weight',
  failureStrategy: 'failureStrategy',
  overrides: 'overrides',
  // `atMostOnce: true` asks for more care than its agent does; less cannot be asked for.
  durability: 'atMostOnce',
  deadline: 'deadline',
  runAt: 'runAt',
  useValue: 'useValue',
  routeTo: 'routeTo',
  metadata: 'metadata',
  // Who may start a job would choose who judges it, in place of those whom the agent names.
  review: null,
  // As `resources` of the overrides.
  resources: null,
};

const STEP: Named<StepSubmission> = { ...TASK, parallel: 'parallel' };

const JOB: Named<JobSubmission> = {
  name: 'name',
  tasks: 'tasks',
  steps: 'steps',
  input: 'input',
  output: 'output',
  options: 'options',
};

const OPTIONS: Named<JobOptions> = {
  idempotencyKey: 'idempotencyKey',
  priority: 'priority',
  maxParallel: 'maxParallel',
  failureStrategy: 'failureStrategy',
  allowedAgents: 'allowedAgents',
  confirm: 'confirm',
  runAt: 'runAt',
  deadline: 'deadline',
  timeLimit: 'timeLimit',
  metadata: 'metadata',
  // Who asks, whose job it is and what goes with it follow from the request.
  carried: null,
  actor: null,
  tenant: null,
};

const schema = buildSchema(await printApiSchema());

describe('what the engine takes', () => {
  it.each<[string, Readonly<Record<string, string | null>>]>([
    ['SubmitJobInput', JOB],
    ['JobOptionsInput', OPTIONS],
    ['TaskInput', TASK],
    ['StepInput', STEP],
    ['TaskOverridesInput', OVERRIDES],
    ['RetryInput', RETRY],
    ['MapInput', MAP],
    ['MapHoleInput', { at: 'at', path: 'path', or: 'or' } satisfies Named<MapSubmission['items'][number]>],
    ['OutputRefInput', { task: 'task', path: 'path' } satisfies Named<MapSubmission['over']>],
    ['InputTemplateInput', TEMPLATE],
    ['RefInput', REF],
    ['ConditionInput', { task: 'task', path: 'path', or: 'or' } satisfies Named<NonNullable<TaskSubmission['when']>>],
  ])('is what the API takes as %s, but for what is left out there', (name, fields) => {
    const type = schema.getType(name);
    if (!isInputObjectType(type)) throw new Error(`${name} is no input of the API.`);
    const taken = Object.values(fields).filter((field) => field !== null);
    expect(Object.keys(type.getFields()).sort()).toEqual(taken.sort());
  });
});
