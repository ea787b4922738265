import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { check, GeneratorError, GeneratorSession } from '../src/index.js';
import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(300_000);

const SHARED = 'export interface Shared { text: string }\n';
const PLAIN = `import { TaskAgent } from '@taskloom/decorators';
import type { Alias } from './alias.js';
@TaskAgent({ name: 'plain' })
export class Plain {
  execute(input: Alias) {
    return { input };
  }
}
`;
/** A schema of its own, without a library that takes longer to read than everything else here. */
const schemas = (properties: string): string => `import type { Schema } from '@taskloom/core';
const json = () => ({ type: 'object', properties: { ${properties} } });
export const Text: Schema<{ text: string }> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as { text: string } }), jsonSchema: { input: json, output: json } },
};
`;
/** Leaves a mark each time it is loaded. */
const GIVEN = `import { appendFileSync } from 'node:fs';
import { TaskAgent } from '@taskloom/decorators';
import { Text } from './schemas.js';
appendFileSync('loaded', 'x');
@TaskAgent({ name: 'given', input: Text, output: Text })
export class Given {
  execute(input: { text: string }) {
    return input;
  }
}
`;
const WORKFLOW = `import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';
import { plain } from './generated/taskloom.generated.js';
@Workflow({ name: 'flow' })
export class PlainFlow {
  /** Its output is what the generated module says of another class. */
  plan(flow: Flow, input: { /** @example x */ text: string }) {
    return flow.add(plain({ text: input.text } as never)).out;
  }
}
`;

/** Knows the agents it asks by their names alone. */
const ASKS = `import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
@TaskAgent({ name: 'asks' })
export class Asks {
  async execute(_input: {}, ctx: TaskContext) {
    return { answer: await ctx.need('other', {} as never) };
  }
}
`;

let project: TemporaryProject;
let session: GeneratorSession;

/** What is emitted: documentation has plans run in a process of its own, which takes as long as all the rest. */
let emit: readonly 'docs'[] = [];

async function begin(emitted: readonly 'docs'[]): Promise<void> {
  emit = emitted;
  project = new TemporaryProject({
    'src/shared.ts': SHARED,
    'src/alias.ts': "import type { Shared } from './shared.js';\nexport type Alias = Shared;\n",
    'src/plain.ts': PLAIN,
    'src/schemas.ts': schemas("text: { type: 'string' }"),
    'src/given.ts': GIVEN,
    'src/flow.ts': WORKFLOW,
    'src/other.ts': plainAgent('other'),
  });
  session = new GeneratorSession({ project: project.tsconfig, emit });
  await session.checkAgain([]);
}

afterEach(() => {
  session.close();
  project.remove();
});

/** How often the module with schemas of its own was loaded. */
const loads = (): number => readFileSync(join(project.folder, 'loaded'), 'utf8').length;

/** Writes files, and gives what the session makes of it, which must be what a fresh run does. */
async function after(files: { readonly [path: string]: string }): Promise<string> {
  project.write(files);
  const again = await session.checkAgain(Object.keys(files).map((path) => join(project.folder, path)));
  const before = loads();
  expect(again.files).toEqual((await check({ project: project.tsconfig, emit })).files);
  expect(loads()).toBe(before + 1);
  return again.files.find(({ path }) => path.endsWith('.ts'))!.text;
}

describe('a run after a change, with documentation', () => {
  beforeEach(() => begin(['docs']));

  it('reads again what depends on it, through other files and through the generated module', async () => {
    const text = await after({ 'src/shared.ts': 'export interface Shared { text: string; more: number }\n' });
    expect(text).toMatch(/type FlowOutput\w*Shared = \{\n {2}text: string;\n {2}more: number;/);
    expect(await after({ 'src/other.ts': plainAgent('renamed', 'x: number') })).toContain("'renamed'");
  });

  it('reads everything where files came or went', async () => {
    expect(await after({ 'src/deep/new.ts': plainAgent('new') })).toContain("'new'");
    rmSync(join(project.folder, 'src/other.ts'));
    const { catalog } = await session.checkAgain([join(project.folder, 'src/other.ts')]);
    expect(catalog.agents.map(({ name }) => name)).toEqual(['given', 'new', 'plain']);
  });
});

describe('a run after a change', () => {
  beforeEach(() => begin([]));

  it('loads modules again only where they, or what they import, have changed', async () => {
    const before = loads();
    project.write({ 'src/other.ts': plainAgent('other', 'changed: string') });
    await session.checkAgain([join(project.folder, 'src/other.ts')]);
    expect(loads()).toBe(before);
    expect(await after({ 'src/schemas.ts': schemas("text: { type: 'string' }, more: { type: 'number' }") })).toContain('more?: number');
  });

  it('reads again what knows a changed agent by its name alone', async () => {
    const answer = /type AsksOutputOtherOutput = \{\n {2}input: \{\n {4}(.*);/;
    expect(answer.exec(await after({ 'src/asks.ts': ASKS }))?.[1]).toBe('text: string');
    expect(answer.exec(await after({ 'src/other.ts': plainAgent('other', 'amount: number') }))?.[1]).toBe('amount: number');
    const renamed = await after({ 'src/other.ts': plainAgent('another', 'amount: number') });
    expect(renamed).toContain('type AsksOutput = {\n  answer: unknown;');
    expect(answer.exec(await after({ 'src/other.ts': plainAgent('other', 'back: true') }))?.[1]).toBe('back: true');
  });

  it('reads everything where a file reaches others that do not import it', async () => {
    await after({
      'src/globals.ts': 'export {};\ndeclare global { interface Everywhere { x: string } }\n',
      'src/other.ts': plainAgent('other', 'all: Everywhere'),
    });
    expect(await after({ 'src/globals.ts': 'export {};\ndeclare global { interface Everywhere { y: number } }\n' })).toContain('y: number');
  });

  it('tells mistakes, and goes on when they are mended', async () => {
    const path = join(project.folder, 'src/shared.ts');
    for (const [text, code] of [
      ['export interface Shared {', 'SYNTAX_ERROR'],
      ['export interface Shared { done: () => void }', 'TYPE_FUNCTION'],
    ] as const) {
      project.write({ 'src/shared.ts': text });
      const failed = await session.checkAgain([path]).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(GeneratorError);
      expect((failed as GeneratorError).diagnostics.map((one) => one.code)).toContain(code);
    }
    await after({ 'src/shared.ts': SHARED });
  });

  it('finds out nothing again for a mistake somewhere else', async () => {
    const before = loads();
    const path = join(project.folder, 'src/other.ts');
    for (const text of [plainAgent('other', 'done: () => void'), plainAgent('other', 'half: ')]) {
      project.write({ 'src/other.ts': text });
      await expect(session.checkAgain([path])).rejects.toThrow(GeneratorError);
    }
    project.write({ 'src/other.ts': plainAgent('other', 'whole: string') });
    // What changed while nothing could be read counts too, though nobody says so again.
    const { catalog } = await session.checkAgain([]);
    expect(catalog.agents.find(({ name }) => name === 'other')!.input.root).toMatchObject({ properties: [{ name: 'whole' }] });
    expect(loads()).toBe(before);
  });
});
