import { parseArgs } from 'node:util';

export const DEFAULT_CYCLES = 1_000;

export const HELP = `Breaks the engine in every way that is known here, and checks what is left of what it promised.

  npm run campaign -- [options]

  --cycles N     kills at random moments; everything else is scaled to it; default ${DEFAULT_CYCLES} (the full run, some half hour)
  --seed N       chooses jobs, moments and faults; printed by each run
  --only A,B     these parts alone; the run then says that it was not a full one
  --out FILE     where the result goes; default docs/campaigns/<date>-<commit>.json for a full run, none for others
`;

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} parts names of all parts
 * @returns {{ cycles: number, seed: number, only: readonly string[], out: string | null, isFull: boolean, help: boolean }}
 * @throws Error that says what is wrong with the arguments
 */
export function readOptions(args, parts) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cycles: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const cycles = wholeNumber('cycles', values.cycles ?? String(DEFAULT_CYCLES), 1);
  const only = values.only?.split(',').map((name) => name.trim()) ?? parts;
  const unknown = only.filter((name) => !parts.includes(name));
  if (unknown.length > 0) throw new Error(`There is no part "${unknown[0]}"; there are ${parts.join(', ')}.`);
  return {
    cycles,
    seed: wholeNumber('seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000)), 0),
    only: parts.filter((name) => only.includes(name)),
    out: values.out ?? null,
    isFull: cycles >= DEFAULT_CYCLES && parts.every((name) => only.includes(name)),
    help: values.help,
  };
}

function wholeNumber(name, text, least) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new Error(`--${name} is ${text}; it must be a whole number from ${least}.`);
  return value;
}
