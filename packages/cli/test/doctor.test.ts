import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createEngine, silentLogger } from '@taskloom/core';

import { checkDatabase } from '../src/doctor/check-database.js';
import { checkNode } from '../src/doctor/check-node.js';
import { checkTsconfig } from '../src/doctor/check-tsconfig.js';
import type { CheckResult } from '../src/doctor/check.js';
import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'src/one.ts': plainAgent('one') });
});

afterEach(() => project.remove());

interface Found {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly message: string; readonly remedy?: string }[];
}

/** What the doctor finds, by name. */
async function found(): Promise<{
  readonly ok: boolean;
  readonly code: number;
  readonly by: { readonly [name: string]: Found['checks'][number] };
}> {
  const { code, out } = await project.run('doctor', '--json');
  const { ok, checks } = JSON.parse(out) as Found;
  return { ok, code, by: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

describe('taskloom doctor', () => {
  it('finds an application well, on any free port', async () => {
    await project.run('generate');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    project.write({ 'taskloom.config.ts': `export default { port: ${port} };` });
    const { code, out, err } = await project.run('doctor');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(
      out
        .split('\n')
        .slice(0, -1)
        .map((line) => line[0]),
    ).toEqual(['✓', '✓', '✓', '✓', '✓', '✓', '✓']);
    expect(out).toContain('✓ The SQLite driver loads, and a new database is made\n');
    expect(out).toContain('✓ 3 generated files for 1 agent and 0 workflows, all fresh\n');
    expect(project.list('.taskloom')).toEqual([]);
  });

  it('names stale files and mistakes in the sources', async () => {
    expect((await found()).by['generated']).toMatchObject({ status: 'error', message: '3 generated files are not what the sources say.' });
    project.write({ 'src/one.ts': plainAgent('one', 'onDone: () => void') });
    const { ok, code, by } = await found();
    expect({ ok, code }).toEqual({ ok: false, code: 1 });
    expect(by['generated']?.message).toMatch(/^The sources have 2 errors: /);
  });

  it('names compiler flags that are missing', async () => {
    const look = (tsconfig: object): Promise<CheckResult> => {
      project.write({ 'tsconfig.json': JSON.stringify(tsconfig) });
      return checkTsconfig(join(project.folder, 'tsconfig.json'));
    };
    const flags = { experimentalDecorators: true, emitDecoratorMetadata: true };
    expect(await look({ compilerOptions: { strict: true, experimentalDecorators: true }, include: ['src'] })).toEqual({
      status: 'error',
      message: 'emitDecoratorMetadata is not on; NestJS injects nothing without it.',
      remedy: 'Set "emitDecoratorMetadata": true in the tsconfig.',
    });
    expect((await look({ compilerOptions: flags, include: ['src'] })).status).toBe('ok');
    expect((await look({ compilerOptions: { ...flags, strict: false }, include: ['src'] })).status).toBe('warning');
    expect((await look({ extends: './nowhere.json' })).status).toBe('error');
  });

  it('looks at a copy of the database, running application or not, and counts what is unfinished', async () => {
    const path = join(project.folder, 'data/jobs.db');
    const look = (): Promise<CheckResult> => checkDatabase(project.folder, path);
    expect((await look()).message).toContain('the first start makes it');
    const engine = createEngine({ store: { path }, logger: silentLogger });
    await engine.start();
    const running = await look();
    await engine.stop();
    expect(running).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('opens and its tables are up to date; 0 unfinished jobs'),
    });
    project.write({ 'data/jobs.db': 'this is no database, and long enough to be taken for one'.repeat(100), 'data/jobs.db-wal': '' });
    expect(await look()).toMatchObject({ status: 'error', message: expect.stringContaining('does not open') });
  });

  it('looks where the configuration says', async () => {
    project.write({ 'taskloom.config.ts': "export default { database: 'data/jobs.db', project: 'other.json' };" });
    const { by } = await found();
    expect(by['database']?.message).toBe(`There is no ${project.folder}/data/jobs.db yet; the first start makes it`);
    expect(by['tsconfig']?.message).toBe(`There is no ${project.folder}/other.json.`);
  });

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    project.write({ 'taskloom.config.ts': `export default { port: ${(server.address() as { port: number }).port} };` });
    const { by } = await found();
    server.close();
    expect(by['port']).toMatchObject({ status: 'warning', message: expect.stringContaining('EADDRINUSE') });
  });

  it('says which versions of Node.js are too old', () => {
    expect([checkNode('20.18.3'), checkNode('18.20.0'), checkNode('20.19.0'), checkNode('26.1.0')].map(({ status }) => status)).toEqual([
      'error',
      'error',
      'ok',
      'ok',
    ]);
  });

  it('says what cannot be found', async () => {
    const { rmSync } = await import('node:fs');
    rmSync(join(project.folder, 'node_modules/@taskloom/core'));
    const { by } = await found();
    expect(by['packages']).toMatchObject({
      status: 'error',
      message: '@taskloom/core cannot be found.',
      remedy: expect.stringContaining('npm install @taskloom/core'),
    });
    expect(by['driver']?.status).toBe('error');
  });
});
