import { TaskloomError } from '../errors/taskloom-error.js';
import type { Returned } from './call-agent.js';
import { failureOf } from './classify-failure.js';
import type { Outcome } from './outcome.js';

/** What each of `count` attempts comes to. A call that throws, or gives no list of that length, fails them all. Never rejects. */
export async function batchResults(agent: string, call: () => unknown, count: number): Promise<readonly (Outcome | Returned)[]> {
  try {
    const returned: unknown = await call();
    if (Array.isArray(returned) && returned.length === count) return returned.map((result) => outcomeOf(agent, result));
    const was = Array.isArray(returned) ? `a list of ${returned.length}` : `a value of the type ${typeof returned}`;
    return fail(count, invalid(agent, `a batch of ${count} needs a list of ${count} settled results, and got ${was}`));
  } catch (error) {
    // It may also be the looking at what it gave that threw.
    return fail(count, error);
  }
}

function outcomeOf(agent: string, result: unknown): Outcome | Returned {
  const { status, value, reason } = (typeof result === 'object' && result !== null ? result : {}) as {
    status?: unknown;
    value?: unknown;
    reason?: unknown;
  };
  if (status === 'fulfilled') return { kind: 'returned', value };
  if (status === 'rejected') return failureOf(reason);
  return failureOf(invalid(agent, 'the result of an item is neither `fulfilled` nor `rejected`'));
}

function fail(count: number, error: unknown): readonly Outcome[] {
  return Array.from({ length: count }, () => failureOf(error));
}

function invalid(agent: string, what: string): TaskloomError {
  return new TaskloomError('BATCH_RESULT_INVALID', `In "${agent}" ${what}.`, { details: { agent } });
}
