import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';

import { check } from '../src/index.js';
import { CASES, caseNames, isUpdating, readTree, writeTree } from './support/case-folders.js';
import { compileErrors } from './support/compile.js';

jest.setTimeout(120_000);

describe('a project', () => {
  it.each(caseNames('projects'))('%s gives the files that are expected of it, and they compile with it', async (name) => {
    const folder = join(CASES, 'projects', name);
    const { files } = await check({ project: join(folder, 'tsconfig.json') });
    const emitted = Object.fromEntries(files.map(({ path, text }) => [path, text]));
    if (isUpdating) writeTree(join(folder, 'expected'), emitted);
    expect(emitted).toEqual(readTree(join(folder, 'expected')));
    expect(
      compileErrors(join(folder, 'tsconfig.json'), {
        [join(folder, 'src/generated/taskloom.generated.ts')]: emitted['taskloom.generated.ts']!,
      }),
    ).toEqual([]);
  });
});
