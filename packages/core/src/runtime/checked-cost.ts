import { TaskloomError } from '../errors/taskloom-error.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { MAX_COST_UNITS, type Cost } from '../model/cost.js';

/**
 * What an agent says that it has spent, without the units of which that is nothing. `spent` is what its task has spent before.
 *
 * @throws TaskloomError `OPTIONS_INVALID`
 */
export function checkedCost(amounts: unknown, spent: ReadonlyMap<string, number>, what: string): Cost {
  if (typeof amounts !== 'object' || amounts === null || Array.isArray(amounts))
    throw new TaskloomError('OPTIONS_INVALID', `${what} was given no amounts by unit; write for example { tokens: 120 }.`);
  const units = new Set(spent.keys());
  const given: [string, number][] = [];
  for (const [name, amount] of Object.entries(amounts as { readonly [unit: string]: unknown })) {
    const unit = name.slice(0, 80);
    if (!isName(name)) throw new TaskloomError('OPTIONS_INVALID', `The unit "${unit}" of ${what} must be ${NAME_RULE}.`);
    if (typeof amount !== 'number' || !(amount >= 0) || !Number.isFinite((spent.get(name) ?? 0) + amount))
      throw new TaskloomError(
        'OPTIONS_INVALID',
        `${what} was given ${inMessage(amount)} ${unit}; the amount, and the sum of the task, must be finite numbers from 0.`,
      );
    if (amount === 0) continue;
    units.add(name);
    given.push([name, amount]);
  }
  if (units.size > MAX_COST_UNITS)
    throw new TaskloomError('OPTIONS_INVALID', `${what} makes ${units.size} units of the task; it may have at most ${MAX_COST_UNITS}.`);
  return Object.fromEntries(given);
}
