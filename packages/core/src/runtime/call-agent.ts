import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { Clock } from '../kernel/clock.js';
import type { Attempt } from './attempt.js';
import { failureOf } from './classify-failure.js';
import { SkipSignal } from './wait-gatherer.js';
import type { Outcome } from './outcome.js';
import type { Run } from './run.js';
import type { RunContext } from './task-context.js';

/** What the agent gave back, still to be checked. */
export interface Returned {
  readonly kind: 'returned';
  readonly value: unknown;
}

const SUSPENSION_GRACE_MS = 1_000;

/** Runs `execute` until it ends or suspends. */
export function callAgent(
  attempt: Attempt,
  definition: AgentDefinition,
  input: unknown,
  context: RunContext,
  clock: Clock,
): Promise<Outcome | Returned> {
  const { run } = context;
  return new Promise((resolve) => {
    const settle = (outcome: Outcome | Returned): void => resolve(run.isWaiting ? suspensionOf(run) : outcome);
    // An agent that catches the suspension and goes on does not hold its task up.
    run.onSuspended = () => {
      attempt.pendingOutcome = () => suspensionOf(run);
      clock.schedule(SUSPENSION_GRACE_MS, () => settle(suspensionOf(run)));
    };
    try {
      const result = definition.execute(input as never, context);
      if (isThenable(result)) {
        result.then(
          (value) => settle({ kind: 'returned', value }),
          (error: unknown) => settle(thrown(error)),
        );
      } else {
        settle({ kind: 'returned', value: result });
      }
    } catch (error) {
      settle(thrown(error));
    }
  });
}

function thrown(error: unknown): Outcome {
  return isSkip(error) ? { kind: 'skipped', message: error.reason } : failureOf(error);
}

/** Looking at what was thrown may throw itself. */
function isSkip(error: unknown): error is SkipSignal {
  try {
    return error instanceof SkipSignal;
  } catch {
    return false;
  }
}

function suspensionOf(run: Run): Outcome {
  return { kind: 'suspended', waits: run.gatherer.waits() };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
