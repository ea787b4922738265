import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import typescript from 'typescript';

import { generate } from '../src/index.js';
import { CASES, readTree } from './support/case-folders.js';
import { compileErrors } from './support/compile.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

let project: TemporaryProject;

beforeEach(() => {
  const sources = Object.entries(readTree(join(CASES, 'run-time'))).filter(([path]) => path.startsWith('src/'));
  project = new TemporaryProject(Object.fromEntries(sources));
  const compilerOptions = { types: ['node'], typeRoots: [join(CASES, '../../../../node_modules/@types')] };
  project.write({ 'tsconfig.json': JSON.stringify({ extends: join(CASES, 'tsconfig.base.json'), compilerOptions, include: ['src'] }) });
});

afterEach(() => project.remove());

/** Compiles the project file by file into `dist`, as a bundler does. */
function build(): void {
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
    writeFileSync(target, outputText);
  }
}

describe('classes with plain types only', () => {
  it('run on the engine with what was generated from them', async () => {
    await generate({ project: project.tsconfig });
    expect(compileErrors(project.tsconfig, {})).toEqual([]);
    build();
    const printed = execFileSync(process.execPath, ['--no-warnings', join(project.folder, 'dist/main.js')], {
      encoding: 'utf8',
      cwd: project.folder,
    });
    expect(JSON.parse(printed)).toEqual({
      result: { text: 'owl, kite since 2020, owls until 2020-01-01T00:00:00.000Z', last: '2025-05-01T10:00:00.000Z', total: '5' },
      refusal:
        'The input of workflow "birds" does not fit its schema: /sightings/0/count: must be integer; /sightings/0/count: must be >= 1; /from: must match format "date-time".',
    });
  });
});
