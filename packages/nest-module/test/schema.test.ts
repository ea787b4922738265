import { readFile } from 'node:fs/promises';

import { composeServices } from '@apollo/composition';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, isEnumType, isInputObjectType, isObjectType, type GraphQLNamedType } from 'graphql';

import { printApiSchema } from '../src/print-api-schema.js';

const sdl = await printApiSchema();

describe('schema.graphql', () => {
  it('is the schema that is served (if this change is meant: pnpm --filter @taskloom/nest schema)', async () => {
    expect(sdl).toBe(await readFile(new URL('../schema.graphql', import.meta.url), 'utf8'));
  });

  it('describes every type, field, argument and enum value', () => {
    const types = Object.values(buildSchema(sdl).getTypeMap()).filter(
      (type) => !type.name.startsWith('__') && !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name),
    );
    expect(types.flatMap((type) => [nameless(type), ...nameIn(type)]).filter(Boolean)).toEqual([]);
  });

  it('can be a subgraph of a federated graph, beside another one', () => {
    const other = '{ shop: Shop } type Shop { id: ID! open: Boolean! }';
    const { errors, schema } = composeServices([
      { name: 'taskloom', url: 'http://taskloom.internal', typeDefs: parse(sdl) },
      { name: 'shop', url: 'http://shop.internal', typeDefs: parse(`type Query ${other}`) },
    ]);
    expect(errors?.map(({ message }) => message) ?? []).toEqual([]);
    const root = schema!.toAPISchema().schemaDefinition.rootType('query')!;
    expect(root.fields().map(({ name }) => name)).toEqual(expect.arrayContaining(['job', 'tasks', 'shop']));
  });

  it('answers the queries, mutations and subscriptions of the design that the engine can answer', () => {
    const schema = buildSchema(sdl);
    expect(Object.keys(schema.getQueryType()!.getFields())).toEqual([
      'agent',
      'agents',
      'agentsAccepting',
      'alerts',
      'events',
      'humanRequest',
      'humanRequests',
      'job',
      'jobGraph',
      'jobs',
      'metrics',
      'overview',
      'schedule',
      'schedules',
      'task',
      'tasks',
      'workflow',
      'workflows',
    ]);
    expect(Object.keys(schema.getMutationType()!.getFields())).toEqual([
      'acceptTask',
      'acknowledgeAlert',
      'addDependency',
      'addTasks',
      'answerHumanRequest',
      'cancelJob',
      'cancelTask',
      'confirmJob',
      'createSchedule',
      'deleteSchedule',
      'pauseJob',
      'pauseSchedule',
      'pauseTask',
      'rejectTask',
      'resumeJob',
      'resumeSchedule',
      'resumeTask',
      'retryJob',
      'retryTask',
      'skipTask',
      'startWorkflow',
      'submitJob',
    ]);
    expect(Object.keys(schema.getSubscriptionType()!.getFields())).toEqual([
      'alertRaised',
      'humanRequested',
      'jobEvents',
      'jobUpdated',
      'overview',
      'taskUpdated',
    ]);
  });
});

function nameless(type: GraphQLNamedType): string | null {
  return type.description ? null : type.name;
}

function nameIn(type: GraphQLNamedType): (string | null)[] {
  if (isEnumType(type)) return type.getValues().map((value) => (value.description ? null : `${type.name}.${value.name}`));
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => (field.description ? null : `${type.name}.${field.name}`));
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    field.description ? null : `${type.name}.${field.name}`,
    ...field.args.map((argument) => (argument.description ? null : `${type.name}.${field.name}(${argument.name})`)),
  ]);
}
