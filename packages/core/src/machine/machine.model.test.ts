import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { graphs } from '../testing/machine/graphs.js';
import { realMachine, type Machine } from '../testing/machine/machine-under-test.js';
import { withPlant } from '../../test/machine/plant.js';
import { PLANTED_BUGS } from '../../test/machine/planted-bugs.js';
import { BrokenRule, ops, runCommands, Tally } from '../testing/machine/run-commands.js';
import { EVENT_TYPES } from '../model/event.js';

/** Set them to run longer, or to run again what failed: TASKLOOM_MODEL_RUNS=20000 TASKLOOM_MODEL_SEED=-123. */
const RUNS = Number(process.env['TASKLOOM_MODEL_RUNS'] ?? 3_800);
const SEED = process.env['TASKLOOM_MODEL_SEED'];
const LEAST_COMMANDS = 53 * RUNS;

const commandLists = fc.array(ops, { maxLength: 120, size: 'max' });

function jobsOn(machine: Machine, tally: Tally): fc.IProperty<unknown> {
  return fc.property(graphs, commandLists, (specs, commands) => runCommands(specs, commands, machine, tally));
}

describe('the machine beside an independent model of it', () => {
  // A failure prints the seed, the shrunken graph and the commands that led there.
  it(
    'agrees with the model, and keeps every rule, after every one of more than 200,000 random commands',
    () => {
      const tally = new Tally();

      fc.assert(jobsOn(realMachine, tally), { numRuns: RUNS, ...(SEED === undefined ? undefined : { seed: Number(SEED) }) });

      expect(tally.commands).toBeGreaterThan(LEAST_COMMANDS);
      // What never happened was never tested.
      for (const type of EVENT_TYPES) expect([type, tally.of(type) > 10]).toEqual([type, true]);
      for (const code of ['LEASE_LOST', 'ILLEGAL_MOVE', 'DYNAMIC_LIMIT', 'GRAPH_CYCLE', 'NOT_FOUND', 'REQUEST_CLOSED', 'REQUEST_CHANGED'])
        expect([code, tally.of(`refused ${code}`) > 100]).toEqual([code, true]);
    },
    60 * RUNS + 30_000,
  );

  // Each is found in the first 240 jobs or sooner, on average; so many more that none is missed by chance.
  it.each(Object.entries(PLANTED_BUGS))('finds a planted bug: %s', (_, plant) => {
    const found = fc.check(jobsOn(withPlant(plant), new Tally()), { numRuns: 6_000, endOnFailure: true });

    expect(found.failed).toBe(true);
    expect(found.errorInstance).toBeInstanceOf(BrokenRule);
  });
});
