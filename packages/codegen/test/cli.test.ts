import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { runCli, type ExitCode } from '../src/index.js';
import { readTree } from './support/case-folders.js';
import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(60_000);

let project: TemporaryProject;
/** What the command takes for the time. Files that are younger than the start of a run are not remembered. */
let nowMs: number;

beforeEach(() => {
  nowMs = 0;
  project = new TemporaryProject({ 'src/one.ts': plainAgent('one') });
});

afterEach(() => project.remove());

interface CliRun {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

async function cli(...args: readonly string[]): Promise<CliRun> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    pretty: false,
    from: project.folder,
    nowMs: () => nowMs,
  });
  return { code, out, err };
}

describe('taskloom-codegen', () => {
  it('says in one line what it did', async () => {
    expect(await cli('--project', project.tsconfig)).toEqual({
      code: 0,
      out: '1 agent and 0 workflows: 3 files written in src/generated in 0.0 s\n',
      err: '',
    });
    expect(await cli('--project', project.tsconfig)).toEqual({
      code: 0,
      out: '1 agent and 0 workflows: 3 files up to date in src/generated in 0.0 s\n',
      err: '',
    });
  });

  it('prints what is wrong as the compiler does, and exits with 1', async () => {
    project.write({ 'src/one.ts': plainAgent('one', 'onDone: () => void') });
    const { code, out, err } = await cli('--project', project.tsconfig);
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
    expect(readTree(project.outDir)).toEqual({});
  });

  it('with --check lists what is stale, names the command, writes nothing and exits with 1', async () => {
    const stale = await cli('--project', project.tsconfig, '--check');
    expect(stale.code).toBe(1);
    expect(stale.err).toBe(
      [
        'error CODEGEN_STALE: 3 generated files are not what the sources say.',
        '  missing   src/generated/schemas/one.input.json',
        '  missing   src/generated/schemas/one.output.json',
        '  missing   src/generated/taskloom.generated.ts',
        `  Run \`npx taskloom-codegen --project ${project.tsconfig}\` and commit what it writes.`,
        '',
      ].join('\n'),
    );
    expect(readTree(project.outDir)).toEqual({});
    await cli('--project', project.tsconfig);
    expect(await cli('--project', project.tsconfig, '--check')).toMatchObject({ code: 0, err: '' });
  });

  it('names the command with its options, quoted for the shell', async () => {
    const { err } = await cli('--project', project.tsconfig, '--out', "it's here", '--check');
    expect(err).toContain(String.raw`--out 'it'\''s here'`);
  });

  it('answers misuse with 2 and help with 0', async () => {
    expect(await cli('--nonsense')).toMatchObject({ code: 2, err: expect.stringContaining("unknown option '--nonsense'") });
    expect(await cli('--evaluation-timeout', 'soon')).toMatchObject({
      code: 2,
      err: expect.stringContaining('whole number of milliseconds'),
    });
    const help = await cli('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('--check');
  });

  it('names a tsconfig that is not there', async () => {
    const { code, err } = await cli('--project', join(project.folder, 'nowhere.json'));
    expect({ code, err }).toEqual({
      code: 1,
      err: `error PROJECT_NOT_FOUND: There is no ${project.folder}/nowhere.json.\n  Pass the path of a tsconfig.json with --project.\n`,
    });
  });
});

describe('a second run', () => {
  const UP_TO_DATE = '1 agent and 0 workflows: 3 files up to date in src/generated in 0.0 s\n';

  /** Whether the command did without the compiler: a run that did the work would mend what the record says. */
  async function isRemembered(): Promise<boolean> {
    const folder = join(project.folder, 'node_modules/.cache/taskloom-codegen');
    for (const name of readdirSync(folder)) {
      const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { agents: number };
      if (record.agents === 99 || !JSON.stringify(record).includes(project.folder)) continue;
      writeFileSync(join(folder, name), JSON.stringify({ ...record, agents: 99 }));
    }
    return (await cli('--project', project.tsconfig)).out.startsWith('99 agents');
  }

  beforeEach(async () => {
    nowMs = Date.now() + 10_000;
    await cli('--project', project.tsconfig);
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
    ['the tsconfig', (): void => project.write({ 'tsconfig.json': readFileSync(project.tsconfig, 'utf8').replace('{', '{ ') })],
    ['a generated file', (): void => project.write({ 'src/generated/taskloom.generated.ts': 'edited' })],
    ['a generated file that is gone', (): void => rmSync(join(project.outDir, 'schemas/one.input.json'))],
  ])('does the work after a change of %s', async (_what, change) => {
    change();
    expect(await isRemembered()).toBe(false);
  });

  it('does the work when it is told to', async () => {
    await isRemembered();
    expect(await cli('--project', project.tsconfig, '--force')).toMatchObject({ code: 0, out: UP_TO_DATE });
  });

  it('remembers nothing of a run in which a file was changed', async () => {
    nowMs = Date.now() - 60_000;
    project.write({ 'src/one.ts': plainAgent('one', 'text: number') });
    await cli('--project', project.tsconfig);
    nowMs = Date.now() + 10_000;
    expect(await isRemembered()).toBe(false);
  });

  it('tells --check that all is fresh', async () => {
    expect(await cli('--project', project.tsconfig, '--check')).toEqual({ code: 0, out: UP_TO_DATE, err: '' });
  });
});
