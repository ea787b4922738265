import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

const COMMAND = fileURLToPath(new URL('../bin/taskloom.js', import.meta.url));
let project: TemporaryProject;
let child: ChildProcess;
let text: string;
let listeners: (() => void)[];

beforeEach(() => {
  project = new TemporaryProject({ 'src/one.ts': plainAgent('one') });
});

function startWatching(...args: readonly string[]): void {
  text = '';
  listeners = [];
  child = spawn(process.execPath, [COMMAND, 'generate', '--watch', ...args], { cwd: project.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const listener of listeners) listener();
    });
}

afterEach(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  project.remove();
});

/** What was printed since the last call, once it says that it waits. */
function nextRun(): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      const end = text.indexOf('Waiting for changes');
      if (end === -1) return;
      listeners = [];
      const printed = text.slice(0, end);
      text = text.slice(text.indexOf('\n', end) + 1);
      resolve(printed);
    };
    listeners.push(look);
    look();
  });
}

describe('taskloom generate --watch', () => {
  it('generates again after every change, tells mistakes and goes on, and ends when it is told to', async () => {
    startWatching();
    expect(await nextRun()).toContain('3 files written');
    project.write({ 'src/one.ts': plainAgent('one', 'changed: string') });
    expect(await nextRun()).toContain('3 files written');
    expect(project.read('src/generated/schemas/one.input.json')).toContain('changed');
    project.write({ 'src/one.ts': plainAgent('one', 'onDone: () => void') });
    expect(await nextRun()).toContain('TYPE_FUNCTION');
    project.write({ 'src/one.ts': plainAgent('one'), 'src/deep/two.ts': plainAgent('two') });
    expect(await nextRun()).toContain('2 agents');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
  });

  it('sees what changes in projects that the tsconfig refers to', async () => {
    const tsconfig = JSON.parse(project.read('tsconfig.json')) as { compilerOptions: object };
    project.write({
      'app/tsconfig.json': JSON.stringify({ ...tsconfig, references: [{ path: '../lib' }] }),
      'app/src/one.ts': plainAgent('one'),
      'lib/tsconfig.json': JSON.stringify({ ...tsconfig, compilerOptions: { ...tsconfig.compilerOptions, composite: true } }),
      'lib/src/two.ts': plainAgent('two'),
    });
    startWatching('--project', 'app/tsconfig.json');
    expect(await nextRun()).toContain('2 agents');
    project.write({ 'lib/src/two.ts': plainAgent('two', 'changed: string') });
    expect(await nextRun()).toContain('3 files written');
    expect(project.read('app/src/generated/schemas/two.input.json')).toContain('changed');
  });
});
