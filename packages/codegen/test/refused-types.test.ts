import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';

import { sortDiagnostics } from '../src/diagnostics/diagnostic.js';
import { formatDiagnostics } from '../src/diagnostics/format-diagnostics.js';
import { isUpdating } from './support/case-folders.js';
import { expectedText, typeCases, writeExpected } from './support/type-cases.js';

jest.setTimeout(120_000);

const cases = typeCases('refused-types', 'tsconfig.refused-types.json');

describe('a type without a JSON meaning', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s is a diagnostic at its place, with a remedy', (_name, one) => {
    const text = formatDiagnostics(sortDiagnostics(one.read().diagnostics), { from: one.folder });
    const expected = join(one.folder, 'diagnostics.txt');
    if (isUpdating) writeExpected(expected, text);
    expect(text).not.toBe('');
    expect(text).toBe(expectedText(expected));
  });
});
