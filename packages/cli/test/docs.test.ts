import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { plainAgent, TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'src/one.ts': plainAgent('one') });
});

afterEach(() => project.remove());

const PAGES = ['agents/one.md', 'index.html', 'index.md'];

describe('taskloom docs', () => {
  it('writes pages apart from generated files, so that these stay fresh', async () => {
    await project.run('generate');
    expect(await project.run('docs')).toEqual({ code: 0, out: '3 pages, 3 written: .taskloom/docs/index.html\n', err: '' });
    expect(project.list('.taskloom/docs')).toEqual(PAGES);
    expect(await project.run('generate', '--check')).toMatchObject({ code: 0 });
    expect((await project.run('docs')).out).toContain('3 pages, 0 written');
  });

  it('writes them where the configuration has them anyway, or where it is told', async () => {
    project.write({ 'taskloom.config.ts': "export default { emit: ['docs'] };" });
    await project.run('docs');
    expect(project.list('src/generated/docs')).toEqual(PAGES);
    await project.run('docs', '--to', 'site');
    expect(project.list('site')).toEqual(PAGES);
  });

  it('shows them in a browser', async () => {
    project.write({
      'browser.sh': `#!/bin/sh\necho "$1" > "${project.folder}/shown.tmp" && mv "${project.folder}/shown.tmp" "${project.folder}/src/shown"\n`,
    });
    chmodSync(join(project.folder, 'browser.sh'), 0o755);
    const { watch } = await import('node:fs');
    const shown = new Promise<void>((resolve) => {
      const watcher = watch(join(project.folder, 'src'), (_event, name) => {
        if (name !== 'shown') return;
        watcher.close();
        resolve();
      });
    });
    project.env = { ...process.env, BROWSER: join(project.folder, 'browser.sh') };
    expect(await project.run('docs', '--open')).toMatchObject({ code: 0 });
    await shown;
    expect(project.read('src/shown')).toBe(`${project.folder}/.taskloom/docs/index.html\n`);
  });

  it('says so where there is no browser', async () => {
    project.env = { ...process.env, BROWSER: '/nowhere/browser' };
    expect(await project.run('docs', '--open')).toMatchObject({ code: 1, err: expect.stringContaining('BROWSER_NOT_FOUND') });
  });
});

const LISTENER = `import { defineTopic } from '@taskloom/core';
import { PubSubAgent } from '@taskloom/decorators';
const payload = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }), jsonSchema: { input: () => ({}), output: () => ({}) } } } as const;
export const Found = defineTopic({ name: 'found', description: 'Something was found', payload });
@PubSubAgent({ name: 'listen', description: 'Listens', subscribes: [Found] })
export class Listen {
  execute() {}
}
`;

describe('taskloom list', () => {
  it('names agents and workflows with their places', async () => {
    project.write({ 'src/two.ts': plainAgent('two-two') });
    expect((await project.run('list')).out).toBe(
      [
        'agent  one      src/one.ts:2  What one does',
        'agent  two-two  src/two.ts:2  What two-two does',
        '2 agents and 0 workflows',
        '',
      ].join('\n'),
    );
    expect((await project.run('list', '--filter', 'two*')).out).toContain('1 agent and 0 workflows');
    expect(project.list('src/generated')).toEqual([]);
  });

  it('names topics, and tells programs who subscribes and publishes them', async () => {
    project.write({ 'src/listen.ts': LISTENER });
    const { out } = await project.run('list');
    expect(out).toContain('agent  listen  src/listen.ts:5  Listens\n');
    expect(out).toMatch(/^topic {2}found +Something was found$/m);
    expect(out).toContain('2 agents, 0 workflows and 1 topic\n');
    const about = { kind: 'agent', version: '1', publishes: [] };
    expect(JSON.parse((await project.run('list', '--json')).out)).toEqual([
      { ...about, name: 'listen', description: 'Listens', className: 'Listen', source: 'src/listen.ts', line: 5, subscribes: ['found'] },
      { ...about, name: 'one', description: 'What one does', className: 'One', source: 'src/one.ts', line: 2, subscribes: [] },
      { kind: 'topic', name: 'found', description: 'Something was found' },
    ]);
  });
});
