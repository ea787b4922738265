import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';

import { measureDocument } from './measure-document.js';

const measure = (query: string) => measureDocument(parse(query));

describe('a document', () => {
  it('is as large as its largest operation in each respect', () => {
    expect(measure('{ a { b { c } } d: e @skip(if: true) }')).toEqual({ depth: 3, fields: 4, aliases: 1, directives: 1 });
    expect(measure('query A { a { b } } query B @x { c d e }')).toEqual({ depth: 2, fields: 3, aliases: 0, directives: 1 });
  });

  it('is measured with its fragments expanded where they are spread', () => {
    const fragments = 'fragment F on T @x { b { c: d } }';
    expect(measure(`{ a { ...F ...F ... on T @y { e } } } ${fragments}`)).toEqual({ depth: 3, fields: 6, aliases: 2, directives: 3 });
  });

  it('with fragments in a circle, or that do not exist, is measured as if they were empty', () => {
    expect(measure('{ ...A } fragment A on T { b ...B } fragment B on T { c ...A }')).toMatchObject({ fields: 2 });
    expect(measure('{ a ...None }')).toMatchObject({ fields: 1 });
  });

  it('with fragments that double each other hundreds of times is measured at once', () => {
    const fragments = Array.from({ length: 300 }, (_, index) => `fragment F${index + 1} on T { ...F${index} ...F${index} }`).join(' ');
    expect(measure(`{ ...F300 } fragment F0 on T { a } ${fragments}`).fields).toBe(2 ** 300);
  });
});
