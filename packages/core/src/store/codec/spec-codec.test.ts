import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { plainSpec } from '../../testing/machine/specs.js';
import { specs } from '../../testing/store-contract/arbitraries.js';
import { byteLength } from '../../kernel/json.js';
import { INLINE_BYTES } from '../tables/table-names.js';
import { decodeSpec, encodeSpec } from './spec-codec.js';

describe("a task's definition", () => {
  it('is read back with every field', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const { row, longInput } = encodeSpec(spec);

        expect(decodeSpec(row, longInput)).toEqual(spec);
      }),
      { numRuns: 300 },
    );
  });

  it('that says little takes little room', () => {
    const { row } = encodeSpec(plainSpec(3));

    expect(row).toMatchObject({ name: null, dependencies: null, input: null, details: null });
    expect(decodeSpec(row, null)).toEqual(plainSpec(3));
  });

  it.each([
    ['one byte below', 'x', -1, false],
    ['at', 'x', 0, false],
    ['one byte above', 'x', 1, true],
    ['far above, in few characters', '漢', 3 * INLINE_BYTES, true],
  ])('keeps an input %s 4,096 bytes where it belongs', (_, unit, over, isLong) => {
    const frame = byteLength('{"value":""}');
    const text = unit.repeat(Math.ceil((INLINE_BYTES + over - frame) / byteLength(unit)));
    const spec = plainSpec(1, { input: { value: text, refs: [] } });
    const { row, longInput } = encodeSpec(spec);

    expect([row.input === null, longInput !== null]).toEqual([isLong, isLong]);
    expect(decodeSpec(row, longInput)).toEqual(spec);
  });

  it.each([
    ['two bytes each', 'é', 2],
    ['three bytes each', '漢', 3],
    ['four bytes each', '🙂', 4],
  ])('measures characters of %s in bytes, not in characters', (_, unit, bytes) => {
    const count = Math.floor((INLINE_BYTES - byteLength('{"value":""}')) / bytes);

    expect(encodeSpec(plainSpec(1, { input: { value: unit.repeat(count), refs: [] } })).longInput).toBeNull();
    expect(encodeSpec(plainSpec(1, { input: { value: unit.repeat(count + 1), refs: [] } })).longInput).not.toBeNull();
  });
});
