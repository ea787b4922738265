import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ts from 'typescript';

import { plainAgent, TemporaryProject, type CliRun } from './support/temporary-project.js';

jest.setTimeout(300_000);

const APP = `import { Module } from '@nestjs/common';

// The root of everything.
@Module({
  imports: [],
})
export class AppModule {}
`;
const MANIFEST = { name: 'app', type: 'module', dependencies: { '@nestjs/common': '^12.0.0' } };

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'package.json': JSON.stringify(MANIFEST), 'src/app.module.ts': APP });
});

afterEach(() => project.remove());

/**
 * Compiles a project into its `dist`, under the strictest settings that this repository has.
 *
 * @returns what the compiler has against it
 */
function compile({ folder }: TemporaryProject): string[] {
  const path = join(folder, 'tsconfig.json');
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    folder,
  );
  const types = join(createRequire(import.meta.url).resolve('@types/node/package.json'), '../..');
  const emitted = { noEmit: false, declaration: false, sourceMap: false, rootDir: join(folder, 'src'), outDir: join(folder, 'dist') };
  const program = ts.createProgram(fileNames, { ...options, ...emitted, types: ['node'], typeRoots: [types] });
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Runs a compiled test, with Node's own runner. */
function runTest({ folder }: TemporaryProject, file: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', join(folder, 'dist', file)], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { status, output: `${stdout}${stderr}` };
}

const add = (...args: readonly string[]): ReturnType<TemporaryProject['run']> => project.run('new', ...args);

describe('what `taskloom new` writes', () => {
  let written: TemporaryProject;
  let complaints: readonly string[];
  const said: { [name: string]: CliRun } = {};
  /** The root module after each. */
  const moduleAfter: { [name: string]: string } = {};

  // One project with one of each, compiled once.
  beforeAll(async () => {
    written = new TemporaryProject({
      'package.json': JSON.stringify(MANIFEST),
      'src/app.module.ts': APP,
      'src/reports/reports.module.ts': APP.replaceAll('AppModule', 'ReportsModule'),
    });
    const make = async (...args: readonly [kind: string, name: string, ...options: readonly string[]]): Promise<void> => {
      said[args[1]] = await written.run('new', ...args);
      moduleAfter[args[1]] = written.read('src/app.module.ts');
    };
    await make('agent', 'count-words');
    await make('agent', 'count-lines', '--zod', '--description', "Counts the user's \\lines");
    await make('workflow', 'nightly-report', '--description', 'Says `what` ${happened}');
    await make('agent', 'one', '--path', 'src/reports/daily');
    await make('agent', 'two', '--path', 'src/reports', '--module', 'src/app.module.ts');
    // One whose test must not pass.
    await make('agent', 'says-nothing', '--no-module');
    written.write({
      'src/says-nothing.agent.ts': written.read('src/says-nothing.agent.ts').replace('input.text }', 'input.text.slice(1) }'),
    });
    complaints = compile(written);
  });

  afterAll(() => written.remove());

  it('compiles under the strictest settings that this repository has', () => {
    expect(complaints).toEqual([]);
  });

  it('is an agent that is registered, with a test that passes', () => {
    expect(said['count-words']).toEqual({
      code: 0,
      out: [
        'written  src/count-words.agent.ts',
        'written  src/count-words.agent.spec.ts',
        'changed  src/app.module.ts',
        '1 agent and 0 workflows: 3 files written in src/generated',
        '',
      ].join('\n'),
      err: '',
    });
    expect(moduleAfter['count-words']).toBe(
      APP.replace("'@nestjs/common';\n", "'@nestjs/common';\nimport { CountWords } from './count-words.agent.js';\n").replace(
        '@Module({\n',
        '@Module({\n  providers: [CountWords],\n',
      ),
    );
    expect(written.read('src/app.module.ts')).toContain('providers: [CountWords, CountLines, NightlyReport, Two]');
    expect(written.read('src/count-words.agent.ts')).toContain("@TaskAgent({ name: 'count-words', description: 'Count words' })");
    expect(runTest(written, 'count-words.agent.spec.js')).toMatchObject({
      status: 0,
      output: expect.stringContaining('gives back what it gets'),
    });
  });

  it('with --zod is an agent with schemas of its own', () => {
    expect(written.read('src/count-lines.agent.ts')).toContain(
      String.raw`description: 'Counts the user\'s \\lines', input: CountLinesInput`,
    );
    expect(runTest(written, 'count-lines.agent.spec.js')).toMatchObject({ status: 0 });
  });

  it('is a test that fails where the agent does', () => {
    expect(runTest(written, 'says-nothing.agent.spec.js').status).toBe(1);
  });

  it('goes where it is told, into the nearest module or the one that is named', () => {
    expect(said['one']!.out).toContain('changed  src/reports/reports.module.ts\n');
    expect(written.read('src/reports/reports.module.ts')).toContain("import { One } from './daily/one.agent.js';");
    expect(said['two']!.out).toContain('changed  src/app.module.ts\n');
    expect(written.read('src/app.module.ts')).toContain("import { Two } from './reports/two.agent.js';");
  });

  it('is a workflow with a test that passes, beside the agents that it can use', () => {
    const { code, out } = said['nightly-report']!;
    expect(code).toBe(0);
    expect(out).toContain('changed  src/app.module.ts\nAgents that it can use: count-lines, count-words\n2 agents and 1 workflow: ');
    expect(runTest(written, 'nightly-report.workflow.spec.js')).toMatchObject({
      status: 0,
      output: expect.stringContaining('completes'),
    });
  });
});

describe('taskloom new agent', () => {
  it('goes beside what `init` wrote, where there is that', async () => {
    project.write({ 'src/taskloom/welcome.module.ts': APP });
    expect((await add('agent', 'one', '--dry-run')).out).toContain('src/taskloom/one.agent.ts');
  });

  it('with --no-module and --no-test leaves them out, and says what is left to do', async () => {
    const { out } = await add('agent', 'one', '--no-module', '--no-test');
    expect(out).toContain('Add One to the providers of a module.\n');
    expect(project.read('src/app.module.ts')).toBe(APP);
    expect(project.list('src').filter((path) => path.includes('one'))).toEqual([
      'generated/schemas/one.input.json',
      'generated/schemas/one.output.json',
      'one.agent.ts',
    ]);
  });

  it('with --dry-run changes nothing', async () => {
    const before = project.list('.');
    expect(await add('agent', 'one', '--dry-run')).toEqual({
      code: 0,
      out: [
        'would write   src/one.agent.ts',
        'would write   src/one.agent.spec.ts',
        'would change  src/app.module.ts',
        'Nothing was changed.',
        '',
      ].join('\n'),
      err: '',
    });
    expect(project.list('.')).toEqual(before);
    expect(project.read('src/app.module.ts')).toBe(APP);
  });

  it.each([
    ['vitest', { vitest: '4.0.0' }, "import { describe, expect, it } from 'vitest';"],
    ['Jest', { '@jest/globals': '30.0.0', jest: '30.0.0' }, "import { describe, expect, it } from '@jest/globals';"],
    ['Jest with globals', { jest: '30.0.0' }, '    expect(error).toEqual(null);'],
    ['nothing else', {}, "import { describe, it } from 'node:test';"],
  ])("writes a test for the project's own runner: %s", async (_what, devDependencies, line) => {
    project.write({ 'package.json': JSON.stringify({ ...MANIFEST, devDependencies }) });
    await add('agent', 'one');
    expect(project.read('src/one.agent.spec.ts')).toContain(line);
  });

  it.each([
    ['a name that no class can have', ['agent', '2fast'], 2, 'error NAME_INVALID: "2fast"'],
    ['a name that leads elsewhere', ['agent', '../../evil'], 2, 'error NAME_INVALID: '],
    ['a name that is taken', ['agent', 'old'], 1, 'error NAME_TAKEN: There is an agent old already.'],
    ['a file that is there', ['workflow', 'kept'], 1, 'error FILE_EXISTS: There is a src/kept.workflow.ts already.'],
    [
      'a module that is not there',
      ['agent', 'one', '--module', 'src/no.module.ts'],
      1,
      'error PROJECT_UNFIT: There is no src/no.module.ts.',
    ],
    [
      'several modules',
      ['agent', 'one', '--path', 'src/two'],
      1,
      'error MODULE_AMBIGUOUS: There are several modules in src/two: a.module.ts, b.module.ts.',
    ],
    ['no name', ['agent'], 2, "missing required argument 'name'"],
    ['another thing', ['agnet', 'x'], 2, 'Did you mean agent?'],
  ])('refuses %s, and changes nothing', async (_what, args, code, message) => {
    project.write({ 'src/old.ts': plainAgent('old'), 'src/kept.workflow.ts': '', 'src/two/a.module.ts': APP, 'src/two/b.module.ts': APP });
    const before = project.list('.');
    expect(await add(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
    expect(project.list('.')).toEqual(before);
  });

  it('needs a NestJS application that is an ES module', async () => {
    project.write({ 'package.json': '{}' });
    expect(await add('agent', 'one')).toMatchObject({ code: 1, err: expect.stringContaining('PROJECT_UNFIT') });
  });
});
