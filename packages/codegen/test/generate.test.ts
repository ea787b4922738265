import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { check, generate, GeneratorError, jsonSchemaOfDocument } from '../src/index.js';
import { readTree } from './support/case-folders.js';
import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'src/one.ts': plainAgent('one'), 'src/two.ts': plainAgent('two') });
});

afterEach(() => project.remove());

const run = (): ReturnType<typeof generate> => generate({ project: project.tsconfig });
const MODULE = 'taskloom.generated.ts';

describe('generating', () => {
  it('writes everything at first, and the same bytes ever after', async () => {
    const first = await run();
    expect(first.difference.missing).toEqual([
      'schemas/one.input.json',
      'schemas/one.output.json',
      'schemas/two.input.json',
      'schemas/two.output.json',
      MODULE,
    ]);
    const before = readTree(project.outDir);
    const second = await run();
    expect(second.difference).toEqual({ missing: [], changed: [], orphaned: [] });
    expect(readTree(project.outDir)).toEqual(before);
  });

  it('touches only what changed', async () => {
    await run();
    const longAgo = new Date('2020-01-01');
    for (const path of Object.keys(readTree(project.outDir))) utimesSync(join(project.outDir, path), longAgo, longAgo);
    project.write({ 'src/one.ts': plainAgent('one', 'text: string; more?: number') });
    const { difference } = await run();
    expect(difference).toEqual({ missing: [], changed: ['schemas/one.input.json', 'schemas/one.output.json', MODULE], orphaned: [] });
    expect(statSync(join(project.outDir, 'schemas/two.input.json')).mtime).toEqual(longAgo);
  });

  it('removes what it wrote for agents that are gone, and nothing else', async () => {
    await run();
    writeFileSync(join(project.outDir, 'schemas/mine.json'), '{}');
    writeFileSync(join(project.outDir, 'notes.md'), 'mine');
    rmSync(join(project.folder, 'src/two.ts'));
    const { difference } = await run();
    expect(difference.orphaned).toEqual(['schemas/two.input.json', 'schemas/two.output.json']);
    expect(Object.keys(readTree(project.outDir))).toEqual([
      'notes.md',
      'schemas/mine.json',
      'schemas/one.input.json',
      'schemas/one.output.json',
      MODULE,
    ]);
  });

  it('does not depend on what was generated before, or by hand', async () => {
    await run();
    const fresh = readTree(project.outDir);
    writeFileSync(join(project.outDir, MODULE), 'export const broken: = ;');
    await run();
    expect(readTree(project.outDir)).toEqual(fresh);
  });

  it('does not depend on the order or the number of files', async () => {
    await run();
    const fresh = readTree(project.outDir);
    rmSync(join(project.folder, 'src/one.ts'));
    rmSync(join(project.folder, 'src/two.ts'));
    project.write({ 'src/z/all.ts': `${plainAgent('two')}\n${plainAgent('one').replace(/^import.*\n/, '')}` });
    await run();
    expect(readTree(project.outDir)).toEqual(fresh);
  });

  it('writes nothing when anything is wrong, and leaves what is there', async () => {
    await run();
    const before = readTree(project.outDir);
    project.write({
      'src/one.ts': plainAgent('one', 'text: string; more: number'),
      'src/three.ts': plainAgent('three', 'onDone: () => void'),
    });
    await expect(run()).rejects.toThrow(GeneratorError);
    expect(readTree(project.outDir)).toEqual(before);
  });

  it('leaves no half-written files where it cannot write', async () => {
    await run();
    const before = readTree(project.outDir);
    project.write({ 'src/one.ts': plainAgent('one', 'changed: string'), 'src/three.ts': plainAgent('three') });
    // A folder where a file should go stops the second of several writes, whoever runs this test.
    rmSync(join(project.outDir, 'schemas/one.output.json'));
    project.write({ 'src/generated/schemas/one.output.json/in-the-way.txt': 'x' });
    await expect(run()).rejects.toMatchObject({
      diagnostics: [{ code: 'OUTPUT_NOT_WRITABLE', message: expect.stringContaining(project.outDir) }],
    });
    const after = readTree(project.outDir);
    expect(Object.keys(after).filter((path) => path.endsWith('.tmp'))).toEqual([]);
    expect(after[MODULE]).toBe(before[MODULE]);
  });

  it('says so when the folder is read-only', async () => {
    await run();
    project.write({ 'src/three.ts': plainAgent('three') });
    chmodSync(project.outDir, 0o555);
    chmodSync(join(project.outDir, 'schemas'), 0o555);
    try {
      // Root may write anywhere.
      if (process.getuid?.() === 0) await run();
      else await expect(run()).rejects.toMatchObject({ diagnostics: [{ code: 'OUTPUT_NOT_WRITABLE' }] });
    } finally {
      chmodSync(project.outDir, 0o755);
      chmodSync(join(project.outDir, 'schemas'), 0o755);
    }
  });

  it('comes to one result when two run at once', async () => {
    await Promise.all([run(), run()]);
    expect((await check({ project: project.tsconfig })).difference).toEqual({ missing: [], changed: [], orphaned: [] });
    expect(Object.keys(readTree(project.outDir)).filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  it('writes into the folder it is told', async () => {
    const { outDir } = await generate({ project: project.tsconfig, outDir: 'out/here' });
    expect(outDir).toBe(join(project.folder, 'out/here'));
    expect(existsSync(join(outDir, MODULE))).toBe(true);
  });

  it('gives an empty module to a project without agents', async () => {
    rmSync(join(project.folder, 'src/one.ts'));
    project.write({ 'src/two.ts': 'export {};\n' });
    await run();
    expect(readFileSync(join(project.outDir, MODULE), 'utf8')).toContain('export const agentNames = [] as const;');
  });

  it('finds classes in projects that the tsconfig refers to', async () => {
    project.write({
      'lib/tsconfig.json': JSON.stringify({ extends: '../tsconfig.base.json', compilerOptions: { composite: true }, include: ['*.ts'] }),
      'lib/three.ts': plainAgent('three'),
      'tsconfig.base.json': readFileSync(project.tsconfig, 'utf8'),
      'tsconfig.json': JSON.stringify({ extends: './tsconfig.base.json', include: ['src'], references: [{ path: './lib' }] }),
    });
    const { catalog } = await run();
    expect(catalog.agents.map(({ name }) => name)).toEqual(['one', 'three', 'two']);
  });

  it('reads types and schemas from packages of the same workspace, as sources', async () => {
    project.write({
      'packages/lib/package.json': '{ "name": "@app/lib", "type": "module", "exports": "./src/index.ts" }',
      'packages/lib/src/index.ts':
        "import { z } from 'zod';\nexport interface Shared { size: number }\nexport const Text = z.object({ text: z.string() });\n",
      'src/one.ts': [
        "import { Text, type Shared } from '@app/lib';",
        "import { TaskAgent } from '@taskloom/decorators';",
        "@TaskAgent({ name: 'one', output: Text })",
        'export class One {',
        '  execute(input: Shared) {',
        '    return { text: String(input.size) };',
        '  }',
        '}',
        '',
      ].join('\n'),
    });
    mkdirSync(join(project.folder, 'node_modules/@app'));
    symlinkSync(join(project.folder, 'packages/lib'), join(project.folder, 'node_modules/@app/lib'), 'junction');
    const { catalog } = await run();
    const one = catalog.agents.find(({ name }) => name === 'one')!;
    expect(jsonSchemaOfDocument(one.input)).toMatchObject({ properties: { size: { type: 'number' } } });
    expect(jsonSchemaOfDocument(one.output)).toMatchObject({ properties: { text: { type: 'string' } } });
  });
});

describe('checking', () => {
  it('writes nothing and tells what differs', async () => {
    await run();
    const before = readTree(project.outDir);
    project.write({ 'src/one.ts': plainAgent('one', 'changed: string'), 'src/three.ts': plainAgent('three') });
    rmSync(join(project.folder, 'src/two.ts'));
    const { difference } = await check({ project: project.tsconfig });
    expect(difference).toEqual({
      missing: ['schemas/three.input.json', 'schemas/three.output.json'],
      changed: ['schemas/one.input.json', 'schemas/one.output.json', MODULE],
      orphaned: ['schemas/two.input.json', 'schemas/two.output.json'],
    });
    expect(readTree(project.outDir)).toEqual(before);
  });
});
