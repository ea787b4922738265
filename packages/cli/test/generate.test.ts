import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'src/one.ts': plainAgent('one') });
});

afterEach(() => project.remove());

const generate = (...args: readonly string[]): ReturnType<TemporaryProject['run']> => project.run('generate', ...args);
const FILES = ['schemas/one.input.json', 'schemas/one.output.json', 'taskloom.generated.ts'];

describe('taskloom generate', () => {
  it('says in one line what it did', async () => {
    expect(await generate()).toEqual({ code: 0, out: '1 agent and 0 workflows: 3 files written in src/generated in 0.0 s\n', err: '' });
    expect(await generate()).toEqual({ code: 0, out: '1 agent and 0 workflows: 3 files up to date in src/generated in 0.0 s\n', err: '' });
    expect(project.list('src/generated')).toEqual(FILES);
  });

  it('prints what is wrong as the compiler does, without a stack, and ends with 1', async () => {
    project.write({ 'src/one.ts': plainAgent('one', 'onDone: () => void') });
    const { code, out, err } = await generate();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      [
        'src/one.ts(4,20): error TYPE_FUNCTION: `onDone` in the input of One is a function.',
        '  Leave it out of the type; pass data, and call functions inside the agent. Or give the class an `input` schema.',
        'src/one.ts(4,20): error TYPE_FUNCTION: `input.onDone` in the output of One is a function.',
        '  Leave it out of the type; pass data, and call functions inside the agent. Or give the class an `output` schema.',
        '',
      ].join('\n'),
    );
    expect((await generate('--stack')).err).toMatch(/\n {4}at /);
    expect(project.list('src/generated')).toEqual([]);
  });

  it('with --check lists what is stale, names the command, writes nothing and ends with 1', async () => {
    const stale = await generate('--check', '--evaluation-timeout', '9000');
    expect(stale.code).toBe(1);
    expect(stale.err).toBe(
      [
        'error CODEGEN_STALE: 3 generated files are not what the sources say.',
        '  missing   src/generated/schemas/one.input.json',
        '  missing   src/generated/schemas/one.output.json',
        '  missing   src/generated/taskloom.generated.ts',
        '  Run `npx taskloom generate --evaluation-timeout 9000` and commit what it writes.',
        '',
      ].join('\n'),
    );
    expect(project.list('src/generated')).toEqual([]);
    await generate();
    expect(await generate('--check')).toMatchObject({ code: 0, err: '' });
  });

  it('names the command with its options, quoted for the shell', async () => {
    expect((await generate('--out', "it's here", '--check')).err).toContain(String.raw`--out 'it'\''s here'`);
  });

  it('with --json says the same to programs', async () => {
    const stale = await generate('--check', '--json');
    expect([stale.code, stale.err, JSON.parse(stale.out)]).toEqual([
      1,
      '',
      { ok: false, agents: 1, workflows: 0, files: 3, outDir: project.outDir, missing: FILES, changed: [], orphaned: [], warnings: [] },
    ]);
    await generate();
    expect(JSON.parse((await generate('--json')).out)).toMatchObject({ ok: true, missing: [] });
    project.write({ 'src/one.ts': plainAgent('one', 'onDone: () => void') });
    const wrong = await generate('--json');
    expect([wrong.code, wrong.err]).toEqual([1, '']);
    expect(JSON.parse(wrong.out)).toMatchObject({
      ok: false,
      errors: [
        {
          code: 'TYPE_FUNCTION',
          message: expect.any(String),
          remedy: expect.any(String),
          file: `${project.folder}/src/one.ts`,
          line: 4,
          column: 20,
        },
        { code: 'TYPE_FUNCTION', line: 4 },
      ],
    });
  });

  it('with --filter writes and checks only files whose path matches', async () => {
    expect((await generate('--filter', 'schemas/*.input.json')).out).toContain('1 file written');
    expect(project.list('src/generated')).toEqual(['schemas/one.input.json']);
    expect(await generate('--check', '--filter', 'schemas/*.input.json')).toMatchObject({ code: 0 });
    expect((await generate('--filter', 'schemas/*.input.json')).out).toContain('1 file up to date');
    // A pattern that matches nothing would check nothing, for ever.
    expect(await generate('--check', '--filter', 'schema/*')).toEqual({
      code: 1,
      out: '',
      err: 'error OPTION_INVALID: No generated file matches the filter "schema/*".\n  Paths start at the output folder and `*` stands for anything: "schemas/one.input.json" is one.\n',
    });
    expect((await generate('--check')).err).toContain('2 generated files are not what the sources say');
  });

  it('answers misuse with 2 and help with 0', async () => {
    expect(await generate('--nonsense')).toMatchObject({ code: 2, err: expect.stringContaining("unknown option '--nonsense'") });
    expect(await generate('--evaluation-timeout', 'soon')).toMatchObject({
      code: 2,
      err: expect.stringContaining('whole number of milliseconds'),
    });
    expect(await generate('--watch', '--check')).toMatchObject({ code: 2, err: expect.stringContaining('ARGUMENTS_CONFLICT') });
    expect(await project.run('nonsense')).toMatchObject({ code: 2, err: expect.stringContaining("unknown command 'nonsense'") });
    expect(await project.run('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
    const help = await generate('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('--check');
  });

  it('names a tsconfig and a configuration that are not there', async () => {
    expect(await generate('--project', 'nowhere.json')).toMatchObject({
      code: 1,
      err: `error PROJECT_NOT_FOUND: There is no ${project.folder}/nowhere.json.\n  Pass the path of a tsconfig.json with --project.\n`,
    });
    expect(await generate('--config', 'nowhere.ts')).toMatchObject({
      code: 1,
      err: `error CONFIG_NOT_FOUND: There is no ${project.folder}/nowhere.ts.\n  Pass the path of a taskloom.config.ts with --config.\n`,
    });
  });
});

describe('the configuration', () => {
  const config = (text: string): void =>
    project.write({ 'taskloom.config.ts': `import { defineConfig } from '@taskloom/cli';\nexport default ${text};\n` });

  it('says where to read and write, and what', async () => {
    project.write({ 'app/tsconfig.json': project.read('tsconfig.json'), 'app/src/two.ts': plainAgent('two') });
    config("defineConfig({ project: 'app/tsconfig.json', outDir: 'made', emit: ['docs', 'mcp'] })");
    expect((await generate()).out).toContain('1 agent and 0 workflows: 7 files written in app/made');
    expect(project.list('app/made')).toEqual([
      'docs/agents/two.md',
      'docs/index.html',
      'docs/index.md',
      'mcp/tools.json',
      'schemas/two.input.json',
      'schemas/two.output.json',
      'taskloom.generated.ts',
    ]);
  });

  it('gives way to arguments', async () => {
    config("defineConfig({ outDir: 'made', evaluationTimeoutMs: 1 })");
    expect((await generate('--out', 'asked', '--project', 'tsconfig.json')).out).toContain('written in asked');
  });

  it('limits the time that a module may take to load', async () => {
    project.write({
      'src/slow.ts': `import { TaskAgent } from '@taskloom/decorators';\nawait new Promise(() => setInterval(() => {}, 1000));\nconst schema = { '~standard': {} } as never;\n@TaskAgent({ name: 'slow', input: schema })\nexport class Slow { execute() {} }\n`,
    });
    config('defineConfig({ evaluationTimeoutMs: 700 })');
    expect((await generate()).err).toContain('had not loaded after 700 ms');
  });

  it("brings plugins of one's own", async () => {
    config(
      "defineConfig({ plugins: [{ name: 'names', emitters: [{ name: 'names', emit: ({ agents }) => ({ files: [{ path: 'names.txt', text: agents.map(({ name }) => name).join() }], diagnostics: [] }) }] }] })",
    );
    await generate();
    expect(project.read('src/generated/names.txt')).toBe('one');
  });

  it('is refused with everything that is wrong', async () => {
    config("{ outdir: 'x', emit: ['pdf'], port: 0, plugins: [1], project: '', evaluationTimeoutMs: 1.5 }");
    expect(await generate()).toEqual({
      code: 1,
      out: '',
      err: `error CONFIG_INVALID: ${project.folder}/taskloom.config.ts: There is no option "outdir"; did you mean "outDir"? \`emit\` must be a list of 'client', 'docs', 'graphql', 'mcp'. \`port\` must be a port from 1 to 65535. \`plugins\` must be a list of plugins, made with defineGeneratorPlugin. \`project\` must be a text. \`evaluationTimeoutMs\` must be a whole number above 0.\n  Correct the file.\n`,
    });
    config("(() => { throw new Error('out of ideas'); })()");
    expect((await generate()).err).toMatch(/^error CONFIG_FAILED: .*out of ideas\n/);
    config('5');
    expect((await generate()).err).toContain('It must export the configuration as its default.');
  });
});

describe('a second run', () => {
  const A_DAY_MS = 86_400_000;
  const UP_TO_DATE = '1 agent and 0 workflows: 3 files up to date in src/generated in 0.0 s\n';

  /** Whether the command did without the compiler: a run that did the work would mend what the record says. */
  async function isRemembered(): Promise<boolean> {
    const folder = join(project.folder, 'node_modules/.cache/taskloom-codegen');
    for (const name of readdirSync(folder)) {
      const record = JSON.parse(project.read(`node_modules/.cache/taskloom-codegen/${name}`)) as object;
      writeFileSync(join(folder, name), JSON.stringify({ ...record, agents: 99 }));
    }
    return (await generate()).out.startsWith('99 agents');
  }

  beforeEach(async () => {
    project.write({
      'taskloom.config.ts': "import { outDir } from './more.js';\nexport default { outDir };\n",
      'more.ts': "export const outDir: string = 'src/generated';\n",
    });
    // As if the run began when every file is old, also declarations of other packages that are built just now.
    project.nowMs = Date.now() + A_DAY_MS;
    await generate();
  });

  it('does nothing while nothing has changed', async () => {
    expect(await isRemembered()).toBe(true);
  });

  it('still does nothing when files were only touched', async () => {
    utimesSync(join(project.folder, 'src/one.ts'), new Date(), new Date());
    expect(await isRemembered()).toBe(true);
  });

  it.each([
    ['a source file', (): void => project.write({ 'src/one.ts': plainAgent('one', 'texT: string') })],
    ['a new source file', (): void => project.write({ 'src/two.ts': plainAgent('two') })],
    ['a new source file in a new folder', (): void => project.write({ 'src/deep/er/two.ts': plainAgent('two') })],
    ['a source file that is gone', (): void => rmSync(join(project.folder, 'src/one.ts'))],
    ['the tsconfig', (): void => project.write({ 'tsconfig.json': project.read('tsconfig.json').replace('{', '{ ') })],
    ['the configuration', (): void => project.write({ 'taskloom.config.ts': "export default { outDir: 'src/generated', emit: [] };\n" })],
    ['what the configuration imports', (): void => project.write({ 'more.ts': "export const outDir = 'elsewhere';\n" })],
    ['a generated file', (): void => project.write({ 'src/generated/taskloom.generated.ts': 'edited' })],
    ['a generated file that is gone', (): void => rmSync(join(project.outDir, 'schemas/one.input.json'))],
  ])('does the work after a change of %s', async (_what, change) => {
    change();
    expect(await isRemembered()).toBe(false);
  });

  it('does the work with other arguments, and when it is told to', async () => {
    await isRemembered();
    expect((await generate('--out', 'elsewhere')).out).toContain('3 files written in elsewhere');
    expect(await generate('--force')).toMatchObject({ code: 0, out: UP_TO_DATE });
  });

  it('does the work with plugins, whose own files it does not know', async () => {
    project.write({ 'taskloom.config.ts': "export default { plugins: [{ name: 'quiet' }] };\n" });
    project.nowMs = Date.now() + A_DAY_MS;
    await generate();
    expect(await isRemembered()).toBe(false);
  });

  it('remembers nothing of a run in which a file was changed', async () => {
    project.nowMs = Date.now() - 60_000;
    project.write({ 'src/one.ts': plainAgent('one', 'text: number') });
    await generate();
    project.nowMs = Date.now() + A_DAY_MS;
    expect(await isRemembered()).toBe(false);
  });

  it('tells --check that all is fresh, and touches nothing', async () => {
    const before = statSync(join(project.outDir, 'taskloom.generated.ts')).mtimeMs;
    expect(await generate('--check')).toEqual({ code: 0, out: UP_TO_DATE, err: '' });
    expect(statSync(join(project.outDir, 'taskloom.generated.ts')).mtimeMs).toBe(before);
    expect(existsSync(join(project.folder, 'elsewhere'))).toBe(false);
  });
});
