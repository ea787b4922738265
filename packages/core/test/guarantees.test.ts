import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { PLANTED_BUGS } from './machine/planted-bugs.js';

const DOCS = join(import.meta.dirname, '../../../docs');
const PAGE = readFileSync(join(DOCS, 'guarantees.md'), 'utf8');
const PROMISES = [...PAGE.matchAll(/^\*\*(\d+)\. [^]*?^\*Proof:\* (.*)$/gm)].map(([, no, proof]) => ({ no: Number(no), proof: proof! }));

/** The tests a proof names: a link to a file, and behind it the titles that stand in that file. */
function namedIn(proof: string): { readonly file: string; readonly titles: readonly string[] }[] {
  return [...proof.matchAll(/\]\(([^)]+)\)([^[]*)/g)].map(([, file, rest]) => ({
    file: file!,
    titles: [...rest!.matchAll(/“([^”]+)”/g)].map(([, title]) => title!),
  }));
}

/** Whether there is each test that a proof names. */
function expectTests(proof: string): void {
  const named = namedIn(proof);
  expect(named.length).toBeGreaterThan(0);
  for (const { file, titles } of named) {
    const path = join(DOCS, file);
    expect([file, existsSync(path), titles.length > 0]).toEqual([file, true, true]);
    const text = readFileSync(path, 'utf8').replaceAll(String.raw`\'`, "'");
    for (const title of titles) expect([file, title, text.includes(title)]).toEqual([file, title, true]);
  }
}

describe('the guarantees', () => {
  it('are twelve', () => {
    expect(PROMISES.map(({ no }) => no)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it.each(PROMISES)('number $no names tests, each of which there is', ({ proof }) => expectTests(proof));

  it('name planted bugs that the model is asked to find', () => {
    const planted = [...PAGE.matchAll(/^\*Proof:\* .*$/gm)].flatMap(([line]) =>
      line.includes(' planted in it') ? [...line.split(' planted in it')[0]!.matchAll(/\*([a-z][^*]+)\*(?= and | planted|$)/g)] : [],
    );
    const names = planted.map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !(name in PLANTED_BUGS))).toEqual([]);
  });
});

describe('the table of faults', () => {
  const section = PAGE.split('## Fault by fault')[1]!.split('\n## ')[0]!;
  const [moments, , ...faults] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const reasons = new Map([...section.matchAll(/^- \*\*([A-Z]\d+)\*\* (.*)$/gm)].map(([, key, reason]) => [key!, reason!]));
  const keysOf = (cell: string): string[] => [...cell.matchAll(/\(([A-Z]\d+)\)/g)].map(([, key]) => key!);

  it('has a cell for each of nine moments in each of eleven faults, each with its tests or why there are none', () => {
    expect([moments!.length, faults.length]).toEqual([10, 11]);
    for (const [fault, ...cells] of faults) {
      expect([fault, cells.length]).toEqual([fault, 9]);
      for (const cell of cells) {
        const keys = keysOf(cell);
        expect([fault, cell, keys.length > 0 && keys.every((key) => reasons.has(key))]).toEqual([fault, cell, true]);
      }
    }
    const used = new Set(faults.flat().flatMap(keysOf));
    expect([...reasons.keys()].filter((key) => !used.has(key))).toEqual([]);
  });

  it.each([...reasons])('%s names tests, each of which there is, or says why there are none', (key, reason) => {
    if (key.startsWith('N')) expect(reason).toMatch(/^Does not apply here.*, because /);
    else expectTests(reason);
  });
});
