import { readFile } from 'node:fs/promises';

import { composeServices } from '@apollo/composition';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, Kind, parse, print, type GraphQLNamedType } from 'graphql';

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

  it('takes the arguments that were agreed on, and needs no others', () => {
    const agreed = signaturesIn(CONTRACT);
    const served = signaturesIn(sdl);
    expect(Object.fromEntries([...served].filter(([name]) => agreed.has(name)))).toEqual(Object.fromEntries(agreed));
    const ofAgreedFields = [...served].filter(([name]) => name.includes('(') && agreed.has(name.split('(', 1)[0]!));
    expect(ofAgreedFields.filter(([name, type]) => !agreed.has(name) && type.endsWith('!'))).toEqual([]);
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

/** Root fields as they were agreed, with the arguments that clients may count on. */
const CONTRACT = `
type Query {
  job(id: ID!): Job
  jobs(filter: JobFilter, first: Int = 20, after: String): JobConnection!
  task(id: ID!): Task
  tasks(filter: TaskFilter!, first: Int = 50, after: String): TaskConnection!
  agents(capability: String): [Agent!]!
  agent(name: String!): Agent
  agentsAccepting(input: JSON!): [Agent!]!
  workflows: [Workflow!]!
  workflow(name: String!): Workflow
  schedules: [Schedule!]!
  events(jobId: ID!, afterSeq: Int = 0, first: Int = 100): [JobEvent!]!
  jobGraph(jobId: ID!, taskId: ID, depth: Int, format: GraphFormat!, detail: GraphDetail = SIMPLE): String!
  humanRequests(jobId: ID, open: Boolean = true): [HumanRequest!]!
  metrics: Metrics!
  alerts(active: Boolean = true): [Alert!]!
}
type Mutation {
  startWorkflow(name: String!, input: JSON!, options: JobOptionsInput): Job!
  submitJob(job: SubmitJobInput!): Job!
  confirmJob(id: ID!): Job!
  cancelJob(id: ID!, reason: String): Job!
  pauseJob(id: ID!, reason: String): Job!
  resumeJob(id: ID!): Job!
  retryJob(id: ID!, tasks: [ID!], reason: String): Job!
  addTasks(jobId: ID!, tasks: [TaskInput!]!): [Task!]!
  addDependency(taskId: ID!, dependsOn: ID!): Task!
  retryTask(id: ID!, reason: String): Task!
  skipTask(id: ID!, reason: String): Task!
  cancelTask(id: ID!, reason: String): Task!
  pauseTask(id: ID!): Task!
  resumeTask(id: ID!, as: ResumeAs, output: JSON): Task!
  acceptTask(id: ID!): Task!
  rejectTask(id: ID!, reason: String!): Task!
  answerHumanRequest(id: ID!, answer: JSON!, requestHash: String): HumanRequest!
  acknowledgeAlert(id: ID!): Alert!
  createSchedule(input: ScheduleInput!): Schedule!
  pauseSchedule(id: ID!): Schedule!
  deleteSchedule(id: ID!): Boolean!
}
type Subscription {
  jobEvents(jobId: ID!, afterSeq: Int = 0): JobEvent!
  taskUpdated(jobId: ID!): Task!
  jobUpdated(jobId: ID): Job!
  humanRequested(jobId: ID): HumanRequest!
  alertRaised: Alert!
}`;

/** What a text of the schema says of its root fields: by field its type, by `field(argument)` the argument's type and default. */
function signaturesIn(text: string): ReadonlyMap<string, string> {
  const signatures = new Map<string, string>();
  for (const type of parse(text).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION || !['Query', 'Mutation', 'Subscription'].includes(type.name.value)) continue;
    for (const { name, type: of, arguments: args = [] } of type.fields ?? []) {
      const field = `${type.name.value}.${name.value}`;
      signatures.set(field, print(of));
      for (const { name: argument, type: taken, defaultValue } of args)
        // With a default, no client has to give it: whether it may be null is a detail.
        signatures.set(
          `${field}(${argument.value})`,
          defaultValue ? `${print(taken).replace(/!$/, '')} = ${print(defaultValue)}` : print(taken),
        );
    }
  }
  return signatures;
}

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
