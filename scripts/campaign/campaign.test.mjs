import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readOptions } from './options.mjs';
import { seeded, seedFor } from './random.mjs';
import { Tally } from './tally.mjs';

const PROGRAM = join(import.meta.dirname, 'run.mjs');

function campaign(args, env = {}) {
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

describe('the campaign', () => {
  let folder;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-campaign-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds every damage that is planted, kills, and leaves one result and one line of numbers', () => {
    const out = join(folder, 'result.json');
    const { status, lastLine } = campaign(['--only', 'planted,kills', '--cycles', '2', '--seed', '7', '--out', out]);
    const result = JSON.parse(readFileSync(out, 'utf8'));
    expect(result.problems).toEqual([]);
    expect(lastLine).toBe(`${result.passed} passed, 0 failed`);
    expect(status).toBe(0);
    expect(result).toMatchObject({ seed: 7, isFull: false, parts: ['planted', 'kills'], lost: 0, doubled: 0, violations: 0, failed: 0 });
    expect(result.counters).toMatchObject({ planted: { found: 22 }, kills: { hits: 2 } });
  }, 120_000);

  it('fails, and says what to install, where a tool is missing', () => {
    const { status, stdout, lastLine } = campaign(['--only', 'write-points', '--cycles', '1'], { PATH: folder });
    expect(stdout).toContain('strace is not installed; install it with `apt-get install strace`.');
    expect(lastLine).toBe('0 passed, 1 failed');
    expect(status).toBe(1);
  }, 60_000);

  it('refuses a part that it does not have', () => {
    expect(campaign(['--only', 'kill'])).toMatchObject({ status: 2 });
  }, 60_000);
});

describe('a part that did too little', () => {
  it('fails, however well the little went', () => {
    const said = [];
    const tally = new Tally((text) => said.push(text));
    tally.count('kills', { hits: 9 });
    tally.demand('kills', { hits: 10 });
    tally.demand('kills', { hits: 9, never: 1 });
    expect([tally.passed, tally.failed]).toEqual([1, 2]);
    expect(said).toEqual([
      '  ✗ kills did too little: hits is 9; it must be at least 10',
      '  ✗ kills did too little: never is 0; it must be at least 1',
    ]);
  });
});

describe('the options', () => {
  const parts = ['kills', 'stops'];

  it('are those of a full run by default', () => {
    expect(readOptions([], parts)).toMatchObject({ cycles: 1_000, only: parts, out: null, isFull: true });
  });

  it.each([
    ['fewer cycles', ['--cycles', '999']],
    ['fewer parts', ['--only', 'stops']],
  ])('with %s are not those of a full run', (_, args) => {
    expect(readOptions(args, parts).isFull).toBe(false);
  });

  it.each([
    [['--cycles', '0'], '--cycles is 0; it must be a whole number from 1.'],
    [['--seed', 'x'], '--seed is x; it must be a whole number from 0.'],
    [['--only', 'none'], 'There is no part "none"; there are kills, stops.'],
  ])('%p are refused', (args, message) => {
    expect(() => readOptions(args, parts)).toThrow(message);
  });
});

describe('a seed', () => {
  it('gives a part the same numbers, whichever parts run before it', () => {
    const numbers = (seed, part) => {
      const random = seeded(seedFor(seed, part));
      return [random(), random(), random()];
    };
    expect(numbers(1, 'kills')).toEqual(numbers(1, 'kills'));
    expect(numbers(1, 'kills')).not.toEqual(numbers(1, 'stops'));
    expect(numbers(1, 'kills')).not.toEqual(numbers(2, 'kills'));
  });
});
