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

describe('the guarantees', () => {
  it('are twelve', () => {
    expect(PROMISES.map(({ no }) => no)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it.each(PROMISES)('number $no names tests, each of which there is', ({ proof }) => {
    const named = namedIn(proof);
    expect(named.length).toBeGreaterThan(0);
    for (const { file, titles } of named) {
      const path = join(DOCS, file);
      expect([file, existsSync(path), titles.length > 0]).toEqual([file, true, true]);
      const text = readFileSync(path, 'utf8').replaceAll(String.raw`\'`, "'");
      for (const title of titles) expect([file, title, text.includes(title)]).toEqual([file, title, true]);
    }
  });

  it('name planted bugs that the model is asked to find', () => {
    const planted = [...PAGE.matchAll(/^\*Proof:\* .*$/gm)].flatMap(([line]) =>
      line.includes(' planted in it') ? [...line.split(' planted in it')[0]!.matchAll(/\*([a-z][^*]+)\*(?= and | planted|$)/g)] : [],
    );
    const names = planted.map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !(name in PLANTED_BUGS))).toEqual([]);
  });
});
