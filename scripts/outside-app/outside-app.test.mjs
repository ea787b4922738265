import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it, jest } from '@jest/globals';

import { packPackages } from './pack-packages.mjs';
import { tryOutsideApp } from './try-outside-app.mjs';

jest.setTimeout(600_000);

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-outside-test-')));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('an application outside of the repository takes the packed packages, generates, builds and runs jobs both ways', async () => {
  const acts = [];
  const step = (label, act) => {
    acts.push(label);
    return act();
  };
  const packed = await packPackages(join(folder, 'packed'));
  await tryOutsideApp(folder, { install: 'linked', packed, browser: null, step });
  expect(acts).toContain('A job through its typed GraphQL mutation');
});
