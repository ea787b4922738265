import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import type { Json } from '../kernel/json.js';
import { TASK_STATUSES } from '../model/task.js';
import { cutText, oneLine } from './cut-text.js';
import { defaultSummary, SUMMARY_CHARS } from './default-summary.js';
import { digestSummary } from './digest-summary.js';
import { distill, type DistillationPart } from './distillation.js';
import { fairShares } from './fair-shares.js';

const texts = fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'é', '漢', '🙂', '👩‍👩‍👧'), maxLength: 300, size: 'max' });
const statuses = fc.constantFrom(...TASK_STATUSES);

describe('cutting a text', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['end here', 5, 'end…'],
    ['🙂🙂🙂', 4, '🙂…'],
    ['🙂🙂🙂', 3, '🙂…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['abc', -3, ''],
    ['', 0, ''],
  ])('%j to %d characters gives %j', (text, chars, expected) => {
    expect(cutText(text, chars)).toBe(expected);
  });

  it('is never longer than asked, and ends between characters', () => {
    fc.assert(
      fc.property(texts, fc.nat(310), (text, chars) => {
        const cut = cutText(text, chars);

        expect(cut.length).toBeLessThanOrEqual(chars);
        expect(cut.isWellFormed()).toBe(true);
        if (text.length > chars && chars > 1) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      }),
    );
  });
});

describe('fair shares', () => {
  const wishLists = fc.array(fc.nat(500), { maxLength: 30 });

  it.each<[number[], number, number[]]>([
    [[10, 10, 10], 30, [10, 10, 10]],
    [[100, 100], 60, [30, 30]],
    [[10, 100, 100], 110, [10, 50, 50]],
    [[5, 5], 0, [0, 0]],
    [[5, 5], -9, [0, 0]],
    [[], 10, []],
  ])('of %j out of %j', (wishes, total, shares) => {
    expect(fairShares(wishes, total)).toEqual(shares);
  });

  it('never give more than there is, nor more than was wished', () => {
    fc.assert(
      fc.property(wishLists, fc.nat(5_000), (wishes, total) => {
        const shares = fairShares(wishes, total);

        expect(shares.every((share, index) => share >= 0 && share <= wishes[index]!)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(total);
      }),
    );
  });

  it('leave nothing over that somebody wanted, and favour nobody', () => {
    fc.assert(
      fc.property(wishLists, fc.nat(5_000), (wishes, total) => {
        const shares = fairShares(wishes, total);
        const unmet = shares.filter((share, index) => share < wishes[index]!);
        if (unmet.length === 0) return;

        expect(total - shares.reduce((sum, share) => sum + share, 0)).toBeLessThan(unmet.length);
        expect(Math.max(...unmet) - Math.min(...unmet)).toBeLessThanOrEqual(1);
        expect(Math.min(...unmet)).toBeGreaterThanOrEqual(Math.max(0, ...shares.filter((share, index) => share === wishes[index])) - 1);
      }),
    );
  });
});

describe('distilling what tasks came to', () => {
  const part = (key: string, summary: string | null = 'Done.'): DistillationPart => ({
    key,
    name: `Task ${key}`,
    status: 'COMPLETED',
    summary,
  });
  const parts = fc
    .array(fc.record({ name: texts, status: statuses, summary: fc.option(texts) }), { maxLength: 30 })
    .map((list) => list.map((fields, index): DistillationPart => ({ key: `t${index}`, ...fields })));

  it('gives each a section where everything fits', () => {
    expect(distill([part('a'), part('b', null)], 1_000)).toEqual({
      text: '## Task a (completed)\nDone.\n\n## Task b (completed)\nNo summary.',
      cut: [],
    });
  });

  it('shortens the long ones first', () => {
    const { text, cut } = distill([part('a'), part('b', 'x'.repeat(1_000))], 200);

    expect(text).toContain('## Task a (completed)\nDone.');
    expect(text).toContain('…');
    expect(cut).toEqual(['b']);
  });

  it('counts those that do not fit at all', () => {
    const { text, cut } = distill(
      Array.from({ length: 100 }, (_, no) => part(`t${no}`, 'x'.repeat(50))),
      500,
    );

    const [, shortened, left] = /\(To fit the budget, of the tasks (\d+) shortened and (\d+) left out\.\)$/.exec(text)!;

    expect(Number(shortened) + Number(left)).toBe(cut.length);
    expect(text.match(/^## /gm)).toHaveLength(100 - Number(left));
  });

  it('gives what short ones leave over to long ones', () => {
    const short = Array.from({ length: 9 }, (_, no) => part(`s${no}`));
    const { text, cut } = distill([...short, part('long', 'x'.repeat(5_000))], 1_200);

    expect(cut).toEqual(['long']);
    expect(text.length).toBeGreaterThan(1_100);
    expect(text).toMatch(/\(To fit the budget, of the tasks 1 shortened\.\)$/);
  });

  it('shows as many short ones as have room', () => {
    const { text } = distill(
      Array.from({ length: 100 }, (_, no): DistillationPart => ({ key: `${no}`, name: 'a', status: 'FAILED', summary: 'b' })),
      1_000,
    );

    expect(text.match(/^## /gm)!.length).toBe(Math.floor((1_000 - 80) / ('## a (failed)\nb'.length + 2)));
  });

  it('holds with a megabyte of summaries', () => {
    const { text, cut } = distill([part('a', 'x'.repeat(500_000)), part('b', '🙂'.repeat(250_000)), part('c')], 16_384);

    expect(text.length).toBeLessThanOrEqual(16_384);
    expect(text.length).toBeGreaterThan(16_300);
    expect(cut).toEqual(['a', 'b']);
    expect(text.isWellFormed()).toBe(true);
  });

  it('is nothing of nothing', () => {
    expect(distill([], 100)).toEqual({ text: '', cut: [] });
    expect(distill([], 0)).toEqual({ text: '', cut: [] });
  });

  it('is never longer than its budget, and well formed', () => {
    fc.assert(
      fc.property(parts, fc.nat(3_000), (list, budget) => {
        const { text } = distill(list, budget);

        expect(text.length).toBeLessThanOrEqual(budget);
        expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('accounts for every task: its section is there as a whole, or its key is among what was cut', () => {
    fc.assert(
      fc.property(parts, fc.nat(3_000), (list, budget) => {
        const { text, cut } = distill(list, budget);
        const isCut = new Set(cut);

        expect(cut).toHaveLength(isCut.size);
        for (const { key, name, status, summary } of list)
          if (!isCut.has(key))
            expect(text).toContain(`## ${oneLine(name, 80)} (${status.toLowerCase().replace('_', ' ')})\n${summary ?? 'No summary.'}`);
      }),
      { numRuns: 500 },
    );
  });

  it('cuts nothing where everything fits, and nothing at all for no reason', () => {
    fc.assert(
      fc.property(parts, (list) => {
        const whole = distill(list, Number.MAX_SAFE_INTEGER).text;

        expect(distill(list, whole.length)).toEqual({ text: whole, cut: [] });
      }),
    );
  });

  it('is always the same for the same tasks', () => {
    fc.assert(fc.property(parts, fc.nat(2_000), (list, budget) => expect(distill(list, budget)).toEqual(distill(list, budget))));
  });
});

describe('the default summary', () => {
  const summary = (output: Json, children: Parameters<typeof defaultSummary>[0]['children'] = [], taskName = 'Count'): string =>
    defaultSummary({ taskName, output, children });

  it.each<[Json, string]>([
    [null, 'Count completed.'],
    [42, 'Count completed. Its output is 42.'],
    ['two  words\n', 'Count completed. Its output is "two words".'],
    [[1, 2, 3], 'Count completed. Its output is a list of 3 items.'],
    [[], 'Count completed. Its output is a list of 0 items.'],
    [{}, 'Count completed.'],
    [
      { lines: 3, ok: true, files: ['a'], more: { a: 1 } },
      'Count completed. Its output has lines 3, ok true, files (1 item) and more (1 field).',
    ],
  ])('of %j is %s', (output, expected) => {
    expect(summary(output)).toBe(expected);
  });

  it('names the tasks below, or counts them where there are many', () => {
    const children = (length: number): { name: string; status: 'COMPLETED' }[] =>
      Array.from({ length }, (_, no) => ({ name: `T${no}`, status: 'COMPLETED' }));

    expect(summary(null, [...children(2), { name: 'X', status: 'FAILED' }])).toBe('Count completed. T0 and T1 completed. X failed.');
    expect(summary(null, children(50))).toBe('Count completed. 50 tasks completed.');
  });

  it('names eight fields and counts the rest', () => {
    expect(summary(Object.fromEntries(Array.from({ length: 10 }, (_, no) => [`f${no}`, no])))).toContain('f7 7 and 2 more fields.');
  });

  it('is at most 600 characters, in whole sentences, well formed and always the same', () => {
    const inputs = fc.record({
      taskName: texts,
      output: fc.jsonValue({ maxDepth: 3 }),
      children: fc.array(fc.record({ name: texts, status: statuses }), { maxLength: 40 }),
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const text = defaultSummary(input);

        expect(text.length).toBeLessThanOrEqual(SUMMARY_CHARS);
        expect(text.isWellFormed()).toBe(true);
        expect(text).toBe(defaultSummary(input));
        expect(text).toMatch(/\.$/);
      }),
      { numRuns: 300 },
    );
  });

  it('of a task with an endless name cuts the name', () => {
    expect(summary(1, [], 'x'.repeat(10_000))).toBe(`${'x'.repeat(79)}… completed. Its output is 1.`);
  });

  it('tells the size of a long text', () => {
    expect(summary('y'.repeat(1_000))).toBe(`Count completed. Its output is "${'y'.repeat(79)}…" (1000 characters).`);
  });

  it('names every task below or counts it, also where their names are long', () => {
    const named = fc.array(fc.record({ name: texts.filter((name) => name.trim() !== ''), status: statuses }), { maxLength: 40 });
    fc.assert(
      fc.property(named, fc.jsonValue(), (children, output) => {
        const text = summary(output, children);
        const byStatus = new Map<string, string[]>();
        for (const { name, status } of children) byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
        for (const names of byStatus.values()) {
          const isCounted = text.includes(`${names.length} task${names.length === 1 ? '' : 's'} `);

          expect(isCounted || names.every((name) => text.includes(oneLine(name, 80)))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells of the output beside many names', () => {
    const children = Array.from({ length: 8 }, (_, no) => ({ name: `${'n'.repeat(40)}${no}`, status: 'COMPLETED' as const }));

    expect(summary({ total: 8 }, children)).toBe('Count completed. 8 tasks completed. Its output has total 8.');
  });
});

describe('what is told of a task', () => {
  const told = (status: DistillationPart['status'], message: string | null, summary: string | null = null): string | null =>
    digestSummary({ name: 'Read', status, summary, error: message === null ? null : { code: 'AGENT_FAILED', message } });

  it.each<[DistillationPart['status'], string | null, string | null]>([
    ['FAILED', 'the disk is full', 'Read failed: the disk is full.'],
    ['FAILED', 'no!', 'Read failed: no!'],
    ['FAILED', null, 'Read failed.'],
    ['SKIPPED', null, 'Read was skipped.'],
    ['CANCELLED', null, 'Read was cancelled.'],
    ['IN_PROGRESS', null, null],
  ])('that is %s with %j is %j', (status, message, expected) => {
    expect(told(status, message)).toBe(expected);
  });

  it('is its summary where it has one', () => {
    expect(told('COMPLETED', null, 'Three files.')).toBe('Three files.');
  });

  it('is never longer than a summary', () => {
    expect(
      digestSummary({
        name: 'n'.repeat(999),
        status: 'FAILED',
        summary: null,
        error: { code: 'AGENT_FAILED', message: 'm'.repeat(9_999) },
      })!.length,
    ).toBeLessThanOrEqual(SUMMARY_CHARS);
  });
});
