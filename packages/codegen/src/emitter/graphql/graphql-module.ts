import type { WorkflowEntry } from '../../shape/catalog.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import { docComment, stringLiteral } from '../text/code-text.js';
import { HEADER } from '../text/header.js';
import { functionNameOf, typeNameOf } from '../text/identifiers.js';
import { classText, enumText, fieldOptions, optionsText, typeExpression, valueTypeOf } from './class-text.js';
import type { FieldType, GraphqlClass, GraphqlEnum } from './graphql-model.js';
import { GraphqlTypes, JSON_SCALAR } from './graphql-types.js';
import { HELPERS, JOB_CLASS, JSON_SCALAR_TEXT } from './module-parts.js';

/** Names that the module has in any case. */
const OWN_NAMES = ['Json', 'WorkflowJob', 'String', 'Int', 'Float', 'Boolean', 'ID'];
const FROM_NEST = [
  'Args',
  'Field',
  'Float',
  'ID',
  'InputType',
  'Int',
  'Mutation',
  'ObjectType',
  'Parent',
  'Query',
  'ResolveField',
  'Resolver',
  'registerEnumType',
];

/** What one workflow is in GraphQL. */
interface WorkflowTypes {
  readonly entry: WorkflowEntry;
  readonly base: string;
  /** `null` when it is started with nothing. */
  readonly input: FieldType | null;
  readonly inputClass: string | null;
  readonly output: FieldType | null;
}

/** The module's text. */
export function graphqlModule(workflows: readonly WorkflowEntry[]): string {
  const taken = new Set(OWN_NAMES);
  const classes: GraphqlClass[] = [];
  const enums: GraphqlEnum[] = [];
  // The names that callers see first are given first.
  for (const { name } of workflows) for (const suffix of ['Job', 'Resolver']) taken.add(typeNameOf(name) + suffix);
  const all = workflows.map((entry): WorkflowTypes => {
    const base = typeNameOf(entry.name);
    const collect = (side: 'input' | 'output', document: SchemaDocument): { root: FieldType; rootClass: string | null } => {
      const types = new GraphqlTypes(document, side, base + (side === 'input' ? 'Input' : 'Output'), taken);
      const root = types.root();
      classes.push(...types.classes);
      enums.push(...types.enums);
      return { root, rootClass: types.classIn(root.type) };
    };
    const given = isEmpty(entry) ? null : collect('input', entry.input);
    const output = entry.output && collect('output', entry.output).root;
    const [input, inputClass] = [given?.root ?? null, given?.rootClass ?? null];
    return { entry, base, input, inputClass, output };
  });
  if (all.length === 0)
    return `/* eslint-disable -- ${HEADER} */\n\n/** The providers to add to a module; there are no workflows yet. */\nexport const WORKFLOW_RESOLVERS = [];\n`;

  const body = [
    ...enums.map(enumText),
    ...classes.map(classText),
    JOB_CLASS,
    ...all.map(jobText),
    ...all.map(resolverText),
    `/** Providers for a module of the application that has a GraphQLModule: a mutation and a query for each workflow. */\nexport const WORKFLOW_RESOLVERS = [${all.map(({ base }) => `${base}Resolver`).join(', ')}] as const;\n`,
    HELPERS,
  ].join('\n');
  const scalar = body.includes(`=> ${JSON_SCALAR.name}`) || body.includes(`[${JSON_SCALAR.name}`) ? `${JSON_SCALAR_TEXT}\n` : '';
  return `/* eslint-disable -- ${HEADER} */\n\n${imports(body, scalar !== '')}\n${scalar}${body}`;
}

function isEmpty({ input: { root } }: WorkflowEntry): boolean {
  return root.kind === 'object' && root.properties.length === 0 && root.additional === null;
}

function imports(body: string, hasScalar: boolean): string {
  const used = FROM_NEST.filter((name) => new RegExp(String.raw`\b${name}\b`).test(body));
  return [
    `import { ${used.join(', ')} } from '@nestjs/graphql';`,
    "import { isTaskloomError } from '@taskloom/core';",
    "import type { Engine, JobOptions, JobView, WorkflowInputOf } from '@taskloom/core';",
    "import { InjectTaskloom } from '@taskloom/nest';",
    hasScalar
      ? "import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';"
      : "import { GraphQLError } from 'graphql';",
    '',
  ].join('\n');
}

function jobText({ base, entry }: WorkflowTypes): string {
  return `@ObjectType({ description: ${stringLiteral(`A job of the workflow "${entry.name}".`)} })\nexport class ${base}Job extends WorkflowJob {}\n`;
}

function resolverText({ entry, base, input, inputClass, output }: WorkflowTypes): string {
  const name = stringLiteral(entry.name);
  const about = entry.description === '' ? `Starts the workflow "${entry.name}".` : entry.description;
  const parameter = input
    ? `    @Args('input', ${optionsText({ type: `() => ${typeExpression(input.type)}`, ...fieldOptions(input) })}) input: ${valueTypeOf(input)},\n`
    : '';
  const json = input ? `plain(input, ${inputClass === null ? 'null' : `${inputClass}_ABSENT`})` : '{}';
  const outputField = output
    ? `
  @ResolveField('output', () => ${typeExpression(output.type)}, ${optionsText({ ...fieldOptions({ ...output, isNullable: true }), description: stringLiteral('What it resulted in, once it has completed.') })})
  output(@Parent() job: Readonly<${base}Job>): Promise<unknown> {
    return outputOf(this.engine, job);
  }
`
    : '';
  return `${docComment([about])}@Resolver(() => ${base}Job)
export class ${base}Resolver {
  constructor(@InjectTaskloom() private readonly engine: Engine) {}

  @Mutation(() => ${base}Job, { description: ${stringLiteral(about)} })
  start${base}(
${parameter}    @Args('idempotencyKey', { type: () => String, nullable: true }) idempotencyKey: string | null | undefined,
  ): Promise<Readonly<${base}Job>> {
    return started(this.engine, ${name}, ${json}, idempotencyKey);
  }

  @Query(() => ${base}Job, { nullable: true })
  ${functionNameOf(`${entry.name}-job`, new Set())}(@Args('id', { type: () => ID }) id: string): Promise<Readonly<${base}Job> | null> {
    return found(this.engine, ${name}, id);
  }
${outputField}}
`;
}
