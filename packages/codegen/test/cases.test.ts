import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { CASES, caseNames, readTree } from './support/case-folders.js';

const differences = JSON.parse(readFileSync(join(CASES, 'oracle-differences.json'), 'utf8')) as { readonly [name: string]: string };

/** What a case shows, without the space around it: its sources, whatever they are expected to come to. */
function sourcesOf(group: string, name: string): string {
  const files = Object.entries(readTree(join(CASES, group, name))).filter(
    ([path]) => /\.tsx?$|^tsconfig\.json$/.test(path) && !path.startsWith('expected'),
  );
  return files.map(([path, text]) => `${path}\n${text.replaceAll(/\s+/g, ' ')}`).join('\n');
}

function repeated(group: string): string[] {
  const first = new Map<string, string>();
  return caseNames(group).flatMap((name) => {
    const sources = sourcesOf(group, name);
    const known = first.get(sources);
    first.set(sources, known ?? name);
    return known === undefined || sources === '' ? [] : [`${name} is ${known}`];
  });
}

describe('the cases', () => {
  it('are 150 that are valid and 60 that are not, or more', () => {
    expect(caseNames('types').length).toBeGreaterThanOrEqual(150);
    expect(caseNames('refused-types').length + caseNames('diagnostics').length).toBeGreaterThanOrEqual(60);
  });

  it.each(['types', 'refused-types', 'diagnostics'])('show each something of its own: %s', (group) => {
    expect(repeated(group)).toEqual([]);
  });

  it('that differ from ts-json-schema-generator are cases, each with its reason in words', () => {
    const names = new Set(caseNames('types'));
    for (const [name, reason] of Object.entries(differences)) {
      expect([name, names.has(name)]).toEqual([name, true]);
      expect(reason.split(' ').length).toBeGreaterThanOrEqual(3);
    }
    expect(names.size - Object.keys(differences).length).toBeGreaterThanOrEqual(80);
  });
});
