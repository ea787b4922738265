import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { isTaskloomError } from '../errors/taskloom-error.js';
import { createRef, refTargetOf, type Ref } from './ref.js';

interface Stats {
  readonly lines: number;
  readonly byPath: { readonly [path: string]: { readonly lines: number } };
  readonly paths: readonly string[];
  readonly note?: string;
}

const source = { label: 'count' };
const stats = (): Ref<Stats> => createRef<Stats>(source);
/** What careless code would do with a value, seen through no type. */
const careless = (): never => stats() as never;

describe('a ref', () => {
  it('leads to its source, and by properties into its value', () => {
    expect(refTargetOf(stats())).toEqual({ source, path: [] });
    expect(refTargetOf(stats().byPath['src/a.ts']!.lines)).toEqual({ source, path: ['byPath', 'src/a.ts', 'lines'] });
    expect(refTargetOf(stats().paths[3])).toEqual({ source, path: ['paths', '3'] });
  });

  it('keeps its fallback, and a part of it has none', () => {
    expect(refTargetOf(stats().note.or('none'))).toEqual({ source, path: ['note'], or: 'none' });
    expect(refTargetOf(stats().paths.or([])[0])).toEqual({ source, path: ['paths', '0'] });
  });

  it('is told apart from every other value', () => {
    for (const value of [null, undefined, 5, 'x', {}, [], () => 1, new Proxy({}, {})]) expect(refTargetOf(value)).toBeNull();
  });

  it('survives `await` and a return from an async plan', async () => {
    const ref = stats().lines;

    expect(refTargetOf(await (async () => ref)())).toEqual({ source, path: ['lines'] });
    expect(refTargetOf(await ref)).toEqual({ source, path: ['lines'] });
  });

  it('can be looked at in a debugger or a log', () => {
    expect(() => inspect(stats(), { depth: 5 })).not.toThrow();
    expect(() => inspect({ input: stats() })).not.toThrow();
  });

  it.each<[string, () => unknown]>([
    ['in a template', () => `${careless()}`],
    ['added to a text', () => `lines: ${String(careless())}`],
    ['as a text', () => String(careless())],
    ['joined to a text', () => 'lines: ' + (careless() as string)],
    ['as JSON', () => JSON.stringify(stats())],
    ['as a part of JSON', () => JSON.stringify({ deep: [stats()] })],
    ['spread into an object', () => ({ ...(careless() as object) })],
    ['spread into a list', () => [...(careless() as unknown[])]],
    [
      'taken apart as a list',
      () => {
        const [first] = careless() as unknown[];
        return first;
      },
    ],
    [
      'taken apart with a rest',
      () => {
        const { lines, ...rest } = careless() as { lines: unknown };
        return [lines, rest];
      },
    ],
    [
      'iterated over',
      () => {
        for (const item of careless() as unknown[]) return item;
        return null;
      },
    ],
    [
      'iterated over by key',
      () => {
        for (const key in careless() as object) return key;
        return null;
      },
    ],
    ['asked for its keys', () => Object.keys(careless())],
    ['asked for its entries', () => Object.entries(careless())],
    ['assigned from', () => Object.assign({}, careless())],
    ['assigned to', () => Object.assign(careless(), { lines: 1 })],
    ['stripped of a property', () => Reflect.deleteProperty(careless(), 'lines')],
    ['added', () => (careless() as number) + 1],
    ['multiplied', () => (careless() as number) * 2],
    ['negated', () => -(careless() as number)],
    ['compared', () => (careless() as number) > 1],
    ['compared loosely', () => (careless() as unknown) == 1], // eslint-disable-line eqeqeq
    ['counted with', () => Number(careless())],
    ['used as a key', () => ({ a: 1 })[careless() as 'a']],
    ['parsed', () => JSON.parse(careless())],
    ['made a date of', () => new Date(careless())],
    ['made a set of', () => new Set(careless() as unknown[])],
    ['asked for its text', () => (careless() as object).toString()],
    ['asked for its value', () => (careless() as object).valueOf()],
  ])('%s, is refused as a value that does not exist yet', (_, use) => {
    let thrown: unknown = null;
    try {
      use();
    } catch (error) {
      thrown = error;
    }

    expect(isTaskloomError(thrown) && thrown.code).toBe('REF_USED_AS_VALUE');
  });

  it('is named in the refusal, with the way to the part', () => {
    expect(() => `${careless()}`).toThrow('"count.out"');
    expect(() => String(stats().byPath['a/b'])).toThrow('"count.out/byPath/a~1b"');
  });

  it('cannot be called: there is no method on a value that does not exist yet', () => {
    expect(() => (stats().paths as unknown as string[]).map((path) => path)).toThrow(TypeError);
  });
});
