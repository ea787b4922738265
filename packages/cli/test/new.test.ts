import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ts from 'typescript';

import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(60_000);

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

const add = (...args: readonly string[]): ReturnType<TemporaryProject['run']> => project.run('new', ...args);

/** What the compiler has against the project, under the strictest settings that this repository has. */
function compilerSays(): string[] {
  const path = join(project.folder, 'tsconfig.json');
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    project.folder,
  );
  const types = join(createRequire(import.meta.url).resolve('@types/node/package.json'), '../..');
  const program = ts.createProgram(fileNames, { ...options, types: ['node'], typeRoots: [types] });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Runs a test that was written, with Node's own runner. */
function runTest(path: string): { readonly status: number | null; readonly output: string } {
  const jiti = dirname(createRequire(import.meta.url).resolve('jiti/package.json'));
  const register = pathToFileURL(join(jiti, 'lib/jiti-register.mjs')).href;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '--import', register, join(project.folder, path)], {
    cwd: project.folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', JITI_FS_CACHE: 'false' },
  });
  return { status, output: `${stdout}${stderr}` };
}

describe('taskloom new agent', () => {
  it('adds an agent with a test that passes, registers it and generates', async () => {
    expect(await add('agent', 'count-words')).toEqual({
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
    expect(project.read('src/app.module.ts')).toBe(
      APP.replace("'@nestjs/common';\n", "'@nestjs/common';\nimport { CountWords } from './count-words.agent.js';\n").replace(
        '@Module({\n',
        '@Module({\n  providers: [CountWords],\n',
      ),
    );
    expect(project.read('src/count-words.agent.ts')).toContain("@TaskAgent({ name: 'count-words', description: 'Count words' })");
    expect(compilerSays()).toEqual([]);
    expect(runTest('src/count-words.agent.spec.ts')).toMatchObject({
      status: 0,
      output: expect.stringContaining('gives back what it gets'),
    });
  });

  it('with --zod gives schemas of its own', async () => {
    await add('agent', 'count-words', '--zod', '--description', "Counts the user's \\words");
    expect(project.read('src/count-words.agent.ts')).toContain(
      String.raw`description: 'Counts the user\'s \\words', input: CountWordsInput`,
    );
    expect(compilerSays()).toEqual([]);
    expect(runTest('src/count-words.agent.spec.ts')).toMatchObject({ status: 0 });
  });

  it('finds that a test that should fail does', async () => {
    await add('agent', 'count-words');
    project.write({ 'src/count-words.agent.ts': project.read('src/count-words.agent.ts').replace('input.text }', "'' }") });
    expect(runTest('src/count-words.agent.spec.ts').status).toBe(1);
  });

  it('goes where it is told, into the nearest module or the one that is named', async () => {
    project.write({ 'src/reports/reports.module.ts': APP.replaceAll('AppModule', 'ReportsModule') });
    expect((await add('agent', 'one', '--path', 'src/reports/daily')).out).toContain('changed  src/reports/reports.module.ts\n');
    expect(project.read('src/reports/reports.module.ts')).toContain("import { One } from './daily/one.agent.js';");
    expect((await add('agent', 'two', '--path', 'src/reports', '--module', 'src/app.module.ts')).out).toContain(
      'changed  src/app.module.ts\n',
    );
    expect(project.read('src/app.module.ts')).toContain("import { Two } from './reports/two.agent.js';");
    expect(compilerSays()).toEqual([]);
  });

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

describe('taskloom new workflow', () => {
  it('adds a workflow with a test that passes, and names the agents that it can use', async () => {
    project.write({ 'src/old.ts': plainAgent('old') });
    const { code, out } = await add('workflow', 'nightly-report', '--description', 'Says `what` ${happened}');
    expect(code).toBe(0);
    expect(out).toContain('changed  src/app.module.ts\nAgents that it can use: old\n1 agent and 1 workflow: ');
    expect(project.read('src/app.module.ts')).toContain('providers: [NightlyReport]');
    expect(compilerSays()).toEqual([]);
    expect(runTest('src/nightly-report.workflow.spec.ts')).toMatchObject({ status: 0, output: expect.stringContaining('completes') });
  });
});
