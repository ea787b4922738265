import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import typescript from 'typescript';

import { generate } from '../src/index.js';
import { CASES, isUpdating, readTree, writeTree } from './support/case-folders.js';
import { compileErrors } from './support/compile.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(300_000);

const EXPECTED = join(CASES, 'graphql/expected');
const MODULE = 'graphql/workflows.resolvers.ts';

/** Stands in for the package that provides the engine; this one may not know it. */
const NEST = {
  'package.json': '{ "name": "@taskloom/nest", "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }',
  'index.d.ts': 'export declare const InjectTaskloom: () => ParameterDecorator;\n',
  'index.js': "import { Inject } from '@nestjs/common';\nexport const InjectTaskloom = () => Inject('engine');\n",
};

/** Builds the schema, then starts workflows on an engine that gives back what it was given. */
const MAIN = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { TaskloomError } from '@taskloom/core';
import { printSchema, validateSchema } from 'graphql';
import { AllKindsResolver, ManyResolver, NothingResolver, WORKFLOW_RESOLVERS } from './resolvers.js';

class AppModule {}
Module({ imports: [GraphQLSchemaBuilderModule] })(AppModule);
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const schema = await app.get(GraphQLSchemaFactory).create([...WORKFLOW_RESOLVERS]);
const calls = [];
const job = { id: '1', workflow: 'all-kinds', status: 'COMPLETED', success: true, progress: 99.9, error: null };
const engine = {
  startWorkflow: async (...call) => {
    calls.push(call);
    return engine.job();
  },
  job: (id) => ({
    status: async () => {
      if (id === 'unknown') throw new TaskloomError('NOT_FOUND', 'no');
      return job;
    },
    result: async () => ({ text: 'out' }),
  }),
};
const resolver = new AllKindsResolver(engine);
const started = await resolver.startAllKinds(
  { text: 'x', since: null, ratio: null, nested: { inner: { deep: null }, list: [{ x: 1 }] }, tree: { name: 'a', level: 'low', parts: [{ name: 'b', level: 'low', parts: null }] }, any: null, odd: { 'a-b': null } },
  'key',
);
await new NothingResolver(engine).startNothing(null);
await new ManyResolver(engine).startMany([{ name: null }, { name: 'x' }]);
const read = [await resolver.allKindsJob('1'), await resolver.allKindsJob('unknown'), await new NothingResolver(engine).nothingJob('1')];
const output = [await resolver.output(job), await resolver.output({ ...job, status: 'RUNNING' })];
const refused = await new AllKindsResolver({ startWorkflow: async () => { throw new TaskloomError('INPUT_SCHEMA', 'It does not fit.'); } }).startAllKinds({}, null).catch((error) => ({ name: error.name, message: error.message, code: error.extensions.code }));
console.log(JSON.stringify({ sdl: printSchema(schema), problems: validateSchema(schema).map(String), calls, started, read, output, refused }));
`;

let project: TemporaryProject;

beforeEach(() => {
  const sources = Object.entries(readTree(join(CASES, 'graphql'))).filter(([path]) => path.startsWith('src/'));
  project = new TemporaryProject(Object.fromEntries(sources));
  const compilerOptions = {
    types: ['node'],
    typeRoots: [join(CASES, '../../../../node_modules/@types')],
    strict: true,
    noUnusedLocals: true,
  };
  project.write({ 'tsconfig.json': JSON.stringify({ extends: join(CASES, 'tsconfig.base.json'), compilerOptions, include: ['src'] }) });
  for (const [path, text] of Object.entries(NEST)) project.write({ [`packages/nest/${path}`]: text });
});

afterEach(() => project.remove());

interface Ran {
  readonly sdl: string;
  readonly problems: readonly string[];
  readonly calls: readonly unknown[];
  readonly started: object;
  readonly read: readonly unknown[];
  readonly output: readonly unknown[];
  readonly refused: object;
}

describe('the GraphQL emitter', () => {
  it('gives each workflow a mutation and a query with types of their own, that compile, make a schema and start jobs', async () => {
    const { files } = await generate({ project: project.tsconfig, emit: ['graphql'] });
    const text = files.find(({ path }) => path === MODULE)!.text;
    const paths = { '@taskloom/nest': [join(project.folder, 'packages/nest/index.d.ts')] };
    const settings = JSON.parse(readTree(project.folder)['tsconfig.json']!) as { compilerOptions: object };
    project.write({ 'tsconfig.json': JSON.stringify({ ...settings, compilerOptions: { ...settings.compilerOptions, paths } }) });
    expect(compileErrors(project.tsconfig, {})).toEqual([]);

    const { outputText } = typescript.transpileModule(text.replaceAll("'@taskloom/nest'", "'../packages/nest/index.js'"), {
      compilerOptions: {
        module: typescript.ModuleKind.ESNext,
        target: typescript.ScriptTarget.ES2022,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        verbatimModuleSyntax: true,
      },
    });
    mkdirSync(join(project.folder, 'dist'));
    writeFileSync(join(project.folder, 'dist/resolvers.js'), outputText);
    writeFileSync(join(project.folder, 'dist/main.js'), MAIN);
    const printed = execFileSync(process.execPath, ['--no-warnings', join(project.folder, 'dist/main.js')], {
      encoding: 'utf8',
      cwd: project.folder,
    });
    const ran = JSON.parse(printed) as Ran;

    const found = { 'schema.graphql': `${ran.sdl}\n`, 'workflows.resolvers.txt': text };
    if (isUpdating) writeTree(EXPECTED, found);
    expect(found).toEqual(readTree(EXPECTED));
    expect(ran.problems).toEqual([]);
    expect(ran.started).toEqual({ id: '1', status: 'COMPLETED', success: true, progress: 99, error: null });
    expect(ran.read).toEqual([ran.started, null, null]);
    expect(ran.output).toEqual([{ text: 'out' }, null]);
    expect(ran.refused).toEqual({ name: 'GraphQLError', message: 'It does not fit.', code: 'INPUT_SCHEMA' });
    // What may only be absent is absent, what may be null is null.
    expect(ran.calls).toEqual([
      [
        'all-kinds',
        {
          text: 'x',
          ratio: null,
          nested: { inner: {}, list: [{ x: 1 }] },
          tree: { name: 'a', level: 'low', parts: [{ name: 'b', level: 'low' }] },
          any: null,
          odd: { 'a-b': null },
        },
        { idempotencyKey: 'key' },
      ],
      ['nothing', {}, {}],
      ['many', [{}, { name: 'x' }], {}],
    ]);
  });
});
