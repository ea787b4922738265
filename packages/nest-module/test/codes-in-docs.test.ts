import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from '@taskloom/core';

import { API_ERROR_CODES } from '../src/errors/api-error-codes.js';

const GUIDE = readFileSync(new URL('../../../docs/guides/graphql.md', import.meta.url), 'utf8');
/** Words in code font that are written as codes are. */
const codesIn = (text: string): string[] => [...text.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => code!);
/** What a question may stand at, told beside a code. */
const STATUSES = new Set(['EXPIRED', 'ANSWERED']);

describe('the table of codes by other names', () => {
  const section = GUIDE.slice(GUIDE.indexOf('### By other names'));
  const rows = section
    .slice(0, section.indexOf('\n## '))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .slice(1)
    .map((line) =>
      line
        .slice(2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  const known = new Set([...Object.keys(ERROR_CODES), ...Object.keys(API_ERROR_CODES)]);

  it('has what others call APPROVAL_STALE, RUN_ALREADY_TERMINAL, NUMBER_RANGE and so on, each once', () => {
    const elsewhere = rows.flatMap(([, name]) => codesIn(name!));
    expect(elsewhere).toEqual([...new Set(elsewhere)]);
    expect(elsewhere).toEqual(
      expect.arrayContaining([
        'APPROVAL_STALE',
        'APPROVAL_EXPIRED',
        'APPROVAL_ALREADY_DECIDED',
        'APPROVAL_SELF_DECISION',
        'RUN_ALREADY_TERMINAL',
        'INPUT_TOO_LARGE',
        'INPUT_TOO_DEEP',
        'INPUT_KEY_FORBIDDEN',
        'NUMBER_RANGE',
        'FILTER_UNKNOWN_FIELD',
        'CURSOR_INVALID',
        'BATCH_REFUSED',
        'CSRF_HEADER_REQUIRED',
        'UNKNOWN_WORKFLOW',
      ]),
    );
  });

  it.each(rows.map((cells) => [cells[0]!, cells.at(-1)!]))('names a code that there is: %s', (_what, here) => {
    const codes = codesIn(here).filter((word) => !STATUSES.has(word));
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
  });
});
