import type { ts } from 'ts-morph';

import type { Shape } from '../../../shape/shape.js';
import { isLibrarySymbol, typeArgumentsOf } from '../declared-in.js';
import { argumentNode } from '../type-node.js';
import { itemPlace, type TypePlace } from '../type-place.js';
import type { TypeRule, TypeWalk } from '../type-rule.js';

/** Types of the language and the runtime: those with a rule in {@link LiveType} are converted, the others refused. */
export const libraryRule: TypeRule = {
  name: 'library',
  read(type, place, walk) {
    const { symbol } = type as { readonly symbol?: ts.Symbol };
    if (!symbol || (walk.checker.isArrayLikeType(type) && READ_AS_LISTS.has(symbol.name)) || !isLibrarySymbol(symbol)) return null;
    const known = CONVERSIONS[symbol.name];
    if (known) return known(type, place, walk);
    if (symbol.name === 'Promise' || symbol.name === 'PromiseLike') return walk.refuse('TYPE_PROMISE', 'is a promise', place);
    return REFUSED.has(symbol.name) ? walk.refuse('TYPE_UNSUPPORTED', `has the type ${symbol.name}`, place, REMEDIES[symbol.name]) : null;
  },
};

type Conversion = (type: ts.Type, place: TypePlace, walk: TypeWalk) => Shape;

const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';

const bytes =
  (to: 'bytes' | 'buffer'): Conversion =>
  () => ({ kind: 'converted', to, wire: { kind: 'string', pattern: BASE64, contentEncoding: 'base64' } });

const CONVERSIONS: { readonly [name: string]: Conversion | undefined } = Object.assign(Object.create(null) as object, {
  Date: () => ({ kind: 'converted', to: 'date', wire: { kind: 'string', format: 'date-time' } }),
  URL: () => ({ kind: 'converted', to: 'url', wire: { kind: 'string', format: 'uri' } }),
  Uint8Array: bytes('bytes'),
  Buffer: bytes('buffer'),
  Set: readSet,
  ReadonlySet: readSet,
  Map: readMap,
  ReadonlyMap: readMap,
  // The boxed forms are what a primitive becomes behind a mapped type; JSON makes no difference.
  String: () => ({ kind: 'string' }),
  Number: () => ({ kind: 'number' }),
  Boolean: () => ({ kind: 'boolean' }),
} satisfies { [name: string]: Conversion });

const READ_AS_LISTS: ReadonlySet<string> = new Set(['Array', 'ReadonlyArray']);

const REFUSED: ReadonlySet<string> = new Set(
  (
    'RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError WeakMap WeakSet WeakRef Symbol BigInt Function CallableFunction NewableFunction Object ' +
    'Iterator Iterable IterableIterator AsyncIterator AsyncIterable AsyncIterableIterator Generator AsyncGenerator IteratorObject AsyncIteratorObject ' +
    'ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array Atomics ' +
    'AbortSignal AbortController URLSearchParams ReadableStream WritableStream Readable Writable Duplex EventEmitter Timeout Proxy'
  ).split(' '),
);

const REMEDIES: { readonly [name: string]: string | undefined } = {
  RegExp: 'Use a string that holds the pattern.',
  Error: 'Throw it, or use its message.',
  ArrayBuffer: 'Use a Uint8Array, which becomes base64 text.',
  Object: 'Use `object`, or write the type out.',
};

function readSet(type: ts.Type, place: TypePlace, walk: TypeWalk): Shape {
  const [item] = typeArgumentsOf(type, walk.checker);
  return {
    kind: 'converted',
    to: 'set',
    wire: { kind: 'array', items: walk.read(item!, itemPlace(place, argumentNode(place.typeNode, 0, walk.checker))), uniqueItems: true },
  };
}

function readMap(type: ts.Type, place: TypePlace, walk: TypeWalk): Shape {
  const [key, value] = typeArgumentsOf(type, walk.checker);
  const keys = walk.read(key!, itemPlace(place, argumentNode(place.typeNode, 0, walk.checker)));
  const values = walk.read(value!, itemPlace(place, argumentNode(place.typeNode, 1, walk.checker)));
  if (keys.kind === 'string') {
    const isBare = Object.keys(keys).length === 1;
    return {
      kind: 'converted',
      to: 'map',
      wire: { kind: 'object', properties: [], additional: values, ...(isBare ? undefined : { propertyNames: keys }) },
    };
  }
  const pair: Shape = {
    kind: 'tuple',
    items: [
      { shape: keys, optional: false },
      { shape: values, optional: false },
    ],
    rest: null,
  };
  return { kind: 'converted', to: 'entries', wire: { kind: 'array', items: pair } };
}
