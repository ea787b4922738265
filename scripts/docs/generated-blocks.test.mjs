import { describe, expect, it } from '@jest/globals';
import { fillBlocks, table } from './generated-blocks.mjs';

const page = 'before\n<!-- generated: sum 1 2 -->\nold\n<!-- /generated -->\nafter\n';

describe('a generated block', () => {
  it('holds what its maker gives, and the rest of the page stays', async () => {
    const filled = await fillBlocks(page, { sum: (a, b) => `${Number(a) + Number(b)}` });
    expect(filled).toBe('before\n<!-- generated: sum 1 2 -->\n\n3\n\n<!-- /generated -->\nafter\n');
  });

  it('does not change when it is filled again', async () => {
    const makers = { sum: () => 'three' };
    const filled = await fillBlocks(page, makers);
    expect(await fillBlocks(filled, makers)).toBe(filled);
  });

  it('is refused when nothing makes it', async () => {
    await expect(fillBlocks(page, { product: () => '' })).rejects.toThrow('"sum"; known are product');
  });
});

describe('a table', () => {
  it('keeps bars of its cells from parting them', () => {
    expect(table(['a', 'b'], [['x | y', 1]])).toBe('| a | b |\n|---|---|\n| x \\| y | 1 |');
  });
});
