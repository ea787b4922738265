import { describe, expect, it } from '@jest/globals';

import { diagnostic, sortDiagnostics, type SourcePlace } from './diagnostic.js';
import { formatDiagnostics, shortPath } from './format-diagnostics.js';

const place: SourcePlace = { file: '/app/src/a.ts', line: 3, column: 5, excerpt: { text: '\t\t  onDone: () => void;', length: 6 } };

function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- colours are control characters
  return text.replaceAll(/\u001B\[\d+m/g, '');
}

describe('a diagnostic', () => {
  it('is one line and its remedy in plain text', () => {
    const item = diagnostic('TYPE_FUNCTION', 'It is a function.', {
      place,
      remedy: 'Leave it out.',
      related: [{ message: 'and here', place: { ...place, line: 9 } }],
    });
    expect(formatDiagnostics([item], { from: '/app' })).toBe(
      'src/a.ts(3,5): error TYPE_FUNCTION: It is a function.\n  Leave it out.\n  src/a.ts(9,5): and here\n',
    );
  });

  it('shows the line and underlines the place where people read it', () => {
    const text = formatDiagnostics([diagnostic('TYPE_FUNCTION', 'It is a function.', { place, remedy: 'Leave it out.' })], {
      from: '/app',
      pretty: true,
    });
    expect(withoutColours(text)).toBe(
      'src/a.ts:3:5 - error TYPE_FUNCTION: It is a function.\n\n3     onDone: () => void;\n      ~~~~~~\n  Leave it out.\n\n',
    );
    expect(text).toContain('\u001B[91m');
  });

  it('needs no place', () => {
    expect(formatDiagnostics([diagnostic('CODEGEN_STALE', 'Stale.', { severity: 'warning' })], { from: '/' })).toMatch(
      /^warning CODEGEN_STALE: Stale\.\n {2}Run/,
    );
  });

  it('is sorted by place and told once', () => {
    const items = [9, 3, 3].map((line) => diagnostic('TYPE_ANY', 'It is any.', { place: { ...place, line } }));
    expect(sortDiagnostics([...items, diagnostic('INTERNAL', 'x')]).map((item) => item.place?.line)).toEqual([undefined, 3, 9]);
  });

  it('shows paths from where the reader stands, unless they lie far away', () => {
    expect([
      shortPath('/app/src/a.ts', '/app'),
      shortPath('/app', '/app'),
      shortPath('/lib/a.ts', '/app/x'),
      shortPath('/lib/a.ts', '/a/b/c/d'),
    ]).toEqual(['src/a.ts', '.', '../../lib/a.ts', '/lib/a.ts']);
  });
});
