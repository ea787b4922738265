import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';

import { check, formatDiagnostics, GeneratorError, sortDiagnostics } from '../src/index.js';
import { CASES, caseNames, isUpdating } from './support/case-folders.js';
import { expectedText, writeExpected } from './support/type-cases.js';

jest.setTimeout(120_000);

/** What is said of a project, without what differs from machine to machine. */
async function complaintsOf(folder: string): Promise<string> {
  try {
    await check({ project: join(folder, 'tsconfig.json'), evaluationTimeoutMs: folder.includes('hang') ? 4_000 : 30_000 });
    return 'nothing';
  } catch (error) {
    if (!(error instanceof GeneratorError)) throw error;
    return formatDiagnostics(sortDiagnostics(error.diagnostics), { from: folder }).replaceAll(folder, '<folder>');
  }
}

describe('a project with mistakes', () => {
  it.each(caseNames('diagnostics'))('%s is told what is wrong, where, and what to do', async (name) => {
    const folder = join(CASES, 'diagnostics', name);
    const text = await complaintsOf(folder);
    if (isUpdating) writeExpected(join(folder, 'expected.txt'), text);
    expect(text).not.toBe('nothing');
    expect(text).toBe(expectedText(join(folder, 'expected.txt')));
  });
});
