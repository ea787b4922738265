import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { installCommands } from '../src/init/install-packages.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

const APP = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';

// The root of everything.
@Module({
  imports: [],
  controllers: [AppController],
})
export class AppModule {}
`;

const MANIFEST = { name: 'app', type: 'module', scripts: { start: 'nest start' }, dependencies: { '@nestjs/common': '^12.0.0' } };

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'package.json': JSON.stringify(MANIFEST, null, 4), 'src/app.module.ts': APP });
});

afterEach(() => project.remove());

describe('taskloom init', () => {
  it('adds an agent, a workflow and what is generated, and shows the first job', async () => {
    const { code, out, err } = await project.run('init', '--no-install');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Missing: npm install @taskloom/core @taskloom/decorators @taskloom/nest');
    expect(out).toContain('1 agent and 1 workflow: ');
    expect(out).toContain('welcome → {"greetings":["Hello, Ada!","Hello, Alan!"]}\n');
    expect(project.list('src')).toEqual(
      expect.arrayContaining([
        'taskloom/greet.agent.ts',
        'taskloom/welcome.module.ts',
        'generated/taskloom.generated.ts',
        'generated/docs/index.html',
      ]),
    );
  });

  it('changes the root module and the scripts, and leaves the rest of them as it was', async () => {
    await project.run('init', '--no-install');
    expect(project.read('src/app.module.ts')).toBe(
      APP.replace(
        "'./app.controller.js';\n",
        "'./app.controller.js';\nimport { WelcomeModule } from './taskloom/welcome.module.js';\n",
      ).replace('imports: []', 'imports: [WelcomeModule]'),
    );
    expect(project.read('package.json')).toBe(
      `${JSON.stringify({ ...MANIFEST, scripts: { ...MANIFEST.scripts, codegen: 'taskloom generate', prebuild: 'taskloom generate' } }, null, 4)}\n`,
    );
  });

  it('changes nothing the second time', async () => {
    await project.run('init', '--no-install');
    project.write({ 'src/taskloom/greet.agent.ts': project.read('src/taskloom/greet.agent.ts').replace('Hello', 'Good day') });
    const before = project.list('src').map((path) => project.read(`src/${path}`));
    const { code, out } = await project.run('init', '--no-install');
    expect(code).toBe(0);
    expect(out).toContain('Good day, Ada!');
    expect(project.list('src').map((path) => project.read(`src/${path}`))).toEqual(before);
  });

  it('needs a NestJS 12 application that is an ES module', async () => {
    const refused = async (manifest: object): Promise<string> => {
      project.write({ 'package.json': JSON.stringify(manifest) });
      const { code, err } = await project.run('init', '--no-install');
      expect(code).toBe(1);
      return err;
    };
    expect(await refused({ ...MANIFEST, type: undefined })).toContain('error PROJECT_UNFIT: The application is not an ES module.');
    expect(await refused({ ...MANIFEST, dependencies: {} })).toContain('does not depend on @nestjs/common');
    expect(await refused({ ...MANIFEST, dependencies: { '@nestjs/common': '^11.1.0' } })).toContain('uses @nestjs/common ^11.1.0');
    project.write({ 'package.json': '{ "name": "app", }' });
    expect(await project.run('init', '--no-install')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error PROJECT_UNFIT: package\.json is no JSON: .+\n {2}Correct it.+\n$/),
    });
    expect(project.list('src')).toEqual(['app.module.ts']);
  });

  it('says so where there is no root module to change', async () => {
    project.write({ 'src/app.module.ts': 'export class AppModule {}\n' });
    expect(await project.run('init', '--no-install')).toMatchObject({ code: 1, err: expect.stringContaining('has no class with @Module') });
  });

  it('says in one line why the first workflow does not run', async () => {
    await project.run('init', '--no-install');
    const agent = project.read('src/taskloom/greet.agent.ts');
    project.write({ 'src/taskloom/greet.agent.ts': `${agent}\nthrow new TypeError('no luck today');\n` });
    expect(await project.run('init', '--no-install')).toMatchObject({
      code: 1,
      err: 'error FIRST_RUN_FAILED: The first workflow did not run: no luck today\n  Everything is in place; `npx taskloom doctor` looks for the cause.\n',
    });
  });

  it('adds what is missing with the package manager whose lock file is there', () => {
    const core = {
      dependencies: { '@nestjs/common': '12', '@taskloom/core': '1', graphql: '16.0.0' },
      devDependencies: { '@taskloom/cli': 'file:x' },
    };
    project.write({ 'pnpm-lock.yaml': '' });
    expect(installCommands(project.folder, core)).toEqual([
      ['pnpm', 'add', '@taskloom/decorators', '@taskloom/nest', '@nestjs/graphql', '@apollo/server', 'reflect-metadata', 'rxjs'],
    ]);
  });

  it('runs the package manager, and says so when it fails', async () => {
    project.write({ 'bin/npm': `#!/bin/sh\necho "$@" >> "${project.folder}/installed"\n[ "$2" != "-D" ]\n` });
    chmodSync(join(project.folder, 'bin/npm'), 0o755);
    project.env = { ...process.env, PATH: `${project.folder}/bin:${process.env['PATH'] ?? ''}` };
    const { code, err } = await project.run('init');
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('error INSTALL_FAILED: `npm install -D @taskloom/cli` ended with 1.'),
    });
    expect(readFileSync(join(project.folder, 'installed'), 'utf8')).toMatch(/^install @taskloom\/core .*\ninstall -D @taskloom\/cli\n$/);
  });
});
