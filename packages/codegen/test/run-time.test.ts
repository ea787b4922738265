import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { minify } from '@swc/core';
import typescript from 'typescript';

import { generate } from '../src/index.js';
import { CASES, readTree } from './support/case-folders.js';
import { compileErrors } from './support/compile.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(300_000);

let project: TemporaryProject;

beforeAll(async () => {
  const sources = Object.entries(readTree(join(CASES, 'run-time'))).filter(([path]) => path.startsWith('src/'));
  project = new TemporaryProject(Object.fromEntries(sources));
  const compilerOptions = { types: ['node'], typeRoots: [join(CASES, '../../../../node_modules/@types')] };
  project.write({ 'tsconfig.json': JSON.stringify({ extends: join(CASES, 'tsconfig.base.json'), compilerOptions, include: ['src'] }) });
  await generate({ project: project.tsconfig });
});

afterAll(() => project.remove());

/** Compiles the project file by file into `dist`, as a bundler does, with names as short as minifiers make them if asked to. */
async function build({ minified = false } = {}): Promise<void> {
  for (const [path, text] of Object.entries(readTree(join(project.folder, 'src')))) {
    if (!path.endsWith('.ts')) continue;
    const { outputText } = typescript.transpileModule(text, {
      fileName: path,
      compilerOptions: {
        module: typescript.ModuleKind.ESNext,
        target: typescript.ScriptTarget.ES2022,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        verbatimModuleSyntax: true,
      },
    });
    const target = join(project.folder, 'dist', path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const mangle = { topLevel: true, keepClassNames: false };
    writeFileSync(target, minified ? (await minify(outputText, { module: true, compress: {}, mangle })).code : outputText);
  }
}

/** Runs a built file and gives what it printed. */
function run(file: string): unknown {
  const path = join(project.folder, 'dist', file);
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', path], { encoding: 'utf8', cwd: project.folder }));
}

const RESULT = {
  result: { text: 'owl, kite since 2020, owls until 2020-01-01T00:00:00.000Z', last: '2025-05-01T10:00:00.000Z', total: '5' },
  refusal:
    'The input of workflow "birds" does not fit its schema: /sightings/0/count: must be integer; /sightings/0/count: must be >= 1; /from: must match format "date-time".',
  notes: ['kite in 2020'],
  weighed: [
    { weighedTogether: 3, age: '6' },
    { weighedTogether: 3, age: '6' },
  ],
  calls: 1,
};

describe('classes with plain types only', () => {
  it('run on the engine with what was generated from them', async () => {
    expect(compileErrors(project.tsconfig, {})).toEqual([]);
    await build();
    expect(run('main.js')).toEqual({ ...RESULT, classes: ['LastSeen', 'Describe', 'Birds'] });
  });

  it('need no schema text: what their types do not permit is refused at submit, and their body is not called (A1)', async () => {
    await build();
    expect(run('web-scraper.js')).toEqual({
      schema: expect.objectContaining({ type: 'object', properties: { url: { type: 'string' } }, required: ['url'] }),
      refused: { code: 'INPUT_SCHEMA', message: expect.stringContaining('/url') },
      calledWhenRefused: 0,
      output: { content: 'the page at https://example.org' },
      calls: 1,
      jobs: 1,
    });
  });

  it('run alike when a minifier has taken their names', async () => {
    await build({ minified: true });
    const { classes, ...rest } = run('main.js') as { classes: string[] };
    expect(rest).toEqual(RESULT);
    for (const name of classes) expect(['LastSeen', 'Describe', 'Birds']).not.toContain(name);
  });

  it('have builders with which every option of a task can be said', async () => {
    // That none is left out is for the compiler to say, above.
    await build();
    expect(run('every-option.js')).toEqual({
      key: 'another',
      name: 'Another',
      description: 'Looks again',
      kind: 'look',
      assignee: 'team:birds',
      acceptanceCriteria: 'it is recent',
      dependsOn: [{ task: 'other', mode: 'settled' }],
      when: { task: 'other', path: '/at' },
      priority: 8,
      weight: 3,
      failureStrategy: 'skip',
      durability: 'at-most-once',
      deadline: '2030-01-01T00:00:00Z',
      runAt: '2029-01-01T00:00:00Z',
      review: { by: 'manual', maxRejections: 2 },
      useValue: { at: null, birds: [], total: '0' },
      routeTo: 'other',
      metadata: { by: 'hand' },
      retry: expect.objectContaining({ maxAttempts: 3 }),
      timeoutMs: 10_000,
      idleTimeoutMs: 5_000,
      resources: { memoryMb: 600 },
      limits: ['disk'],
      concurrencyKey: 'owl',
      exclusive: true,
    });
  });

  it('stop the application at boot where they cannot work, each with one error that says what to do', async () => {
    await build();
    const needsMethod = 'Make it a method of the instance: async execute(input, ctx) { … }';
    expect(run('mistakes.js')).toEqual({
      'an agent without the manifest':
        'SCHEMA_MISSING: The agent "last-seen" (class LastSeen) gives no input schema, and there is no manifest. Run `npx taskloom generate` and pass its manifest, `TaskloomModule.forRoot({ manifest })`; or give `input` a schema.',
      'a workflow without the manifest':
        'SCHEMA_MISSING: The workflow "birds" (class Birds) gives no input schema, and there is no manifest. Run `npx taskloom generate` and pass its manifest, `TaskloomModule.forRoot({ manifest })`; or give `input` a schema.',
      'a manifest that is too old':
        'SCHEMA_MISSING: The agent "last-seen" (class LastSeen) gives no input schema, and the manifest has none for it. Run `npx taskloom generate`, for the generated manifest is older than the class; or give `input` a schema.',
      'two classes with one name': expect.stringMatching(
        /^DUPLICATE_AGENT: Two agents are called "last-seen" \(the classes LastSeen and Again\)\. Rename one/,
      ),
      'a getter':
        'DECORATOR_MISUSE: @TaskAgent on class Getter: `execute` is an accessor. Make it a method: async execute(input, ctx) { … }',
      'a static': `DECORATOR_MISUSE: @TaskAgent on class Static: \`execute\` is static. ${needsMethod}`,
      'a method':
        'DECORATOR_MISUSE: @TaskAgent on the method LastSeen.execute: it is a class decorator. Put it above the class itself and name the method `execute`.',
      'two topics with one name': expect.stringMatching(/^DUPLICATE_TOPIC: .*"rare".* Rename one of them/),
      'the method of a batch without the option':
        'DECORATOR_MISUSE: @TaskAgent on class Batches: the class has `executeBatch` and no method `execute`. Give the option `batch`, which `executeBatch` needs; or add `execute`.',
      'two decorators on one class':
        'DECORATOR_MISUSE: @PubSubAgent on class LastSeen: the class carries @TaskAgent already. Keep one: a class is one agent or one workflow.',
      'reflect-metadata that is not loaded':
        "DECORATOR_MISUSE: @TaskAgent on class Plain: reflect-metadata is not loaded. Put `import 'reflect-metadata';` first in the file that starts the application.",
    });
  });
});
