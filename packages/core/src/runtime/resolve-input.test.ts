import { describe, expect, it } from '@jest/globals';

import type { Json } from '../kernel/json.js';
import type { InputTemplate, RefBinding } from '../model/task.js';
import { resolveInput } from './resolve-input.js';

const MAX = 1_000_000;

function resolve(
  value: Json,
  refs: readonly RefBinding[],
  outputs: { readonly [no: number]: Json | undefined } = {},
): ReturnType<typeof resolveInput> {
  const texts = new Map(Object.entries(outputs).map(([no, output]) => [Number(no), output === undefined ? null : JSON.stringify(output)]));
  return resolveInput({ value, refs }, texts, MAX);
}

describe('an input with holes', () => {
  it('without any is the value itself', () => {
    expect(resolve({ a: 1 }, [])).toEqual({ value: { a: 1 }, missing: [] });
  });

  it('is filled with outputs and parts of outputs', () => {
    const refs = [
      { at: '/whole', task: 1, path: '' },
      { at: '/list/1', task: 1, path: '/files/0' },
    ];

    expect(resolve({ whole: null, list: ['x', null] }, refs, { 1: { files: ['a', 'b'] } })).toEqual({
      value: { whole: { files: ['a', 'b'] }, list: ['x', 'a'] },
      missing: [],
    });
  });

  it('may be a hole as a whole', () => {
    expect(resolve(null, [{ at: '', task: 1, path: '/n' }], { 1: { n: 5 } }).value).toBe(5);
  });

  it.each<[string, Json]>([
    ['null', null],
    ['false', false],
    ['zero', 0],
    ['an empty text', ''],
  ])('takes %s for the value that it is', (_, value) => {
    expect(resolve({ x: 'hole' }, [{ at: '/x', task: 1, path: '/v' }], { 1: { v: value } })).toEqual({ value: { x: value }, missing: [] });
    expect(resolve({ x: 'hole' }, [{ at: '/x', task: 1, path: '/v', or: 'else' }], { 1: { v: value } })).toEqual({
      value: { x: value },
      missing: [],
    });
  });

  it('takes the fallback where there is no value', () => {
    const ref = { at: '/x', task: 1, path: '/v', or: 'else' };

    expect(resolve({ x: null }, [ref], { 1: {} }).value).toEqual({ x: 'else' });
    expect(resolve({ x: null }, [ref], { 1: undefined }).value).toEqual({ x: 'else' });
    expect(resolve({ x: null }, [ref], {}).value).toEqual({ x: 'else' });
  });

  it('loses a property without a value, and an element of a list, and says whose value was missing', () => {
    const refs = [
      { at: '/gone', task: 1, path: '' },
      { at: '/list/0', task: 2, path: '' },
      { at: '/list/2', task: 3, path: '' },
    ];

    expect(resolve({ gone: null, stays: 1, list: [null, 'b', null] }, refs, { 3: 'c' })).toEqual({
      value: { stays: 1, list: ['b', 'c'] },
      missing: [1, 2],
    });
  });

  it('without a value at all is none', () => {
    expect(resolve(null, [{ at: '', task: 1, path: '' }])).toEqual({ value: undefined, missing: [1] });
  });

  it('is filled in place: every start is given a copy of its own', () => {
    const template: InputTemplate = { value: { deep: { x: null } }, refs: [{ at: '/deep/x', task: 1, path: '' }] };

    expect(resolveInput(template, new Map([[1, '"filled"']]), MAX).value).toBe(template.value);
  });

  it('counts what is put in, and refuses more than is allowed', () => {
    const template: InputTemplate = { value: { x: null }, refs: [{ at: '/x', task: 1, path: '' }] };
    const text = JSON.stringify('漢'.repeat(100));

    expect(resolveInput(template, new Map([[1, text]]), 302).value).toEqual({ x: '漢'.repeat(100) });
    expect(() => resolveInput(template, new Map([[1, text]]), 301)).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE', details: { limit: 301 } }),
    );
  });

  it.each(['/__proto__/polluted', '/constructor/prototype/polluted', '/list/length'])('cannot be filled at %s', (at) => {
    expect(() => resolve({ list: [] }, [{ at, task: 1, path: '' }], { 1: 'yes' })).toThrow(RangeError);
    expect((structuredClone({}) as { polluted?: string }).polluted).toBeUndefined();
  });
});
