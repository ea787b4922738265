import type { AgentDefinition } from '../authoring/agent-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { TaskSpec } from '../model/task.js';
import type { Attempt } from './attempt.js';
import { failureOf } from './classify-failure.js';
import { SkipSignal } from './need-gatherer.js';
import type { Outcome } from './outcome.js';
import type { RunContext } from './task-context.js';

/** What the agent gave back, still to be checked. */
export interface Returned {
  readonly kind: 'returned';
  readonly value: unknown;
}

export interface AgentCall {
  readonly attempt: Attempt;
  readonly spec: TaskSpec;
  readonly definition: AgentDefinition;
  readonly input: unknown;
  readonly context: RunContext;
  readonly clock: Clock;
  /** Run timeout where neither task nor agent sets one; 0 means none. */
  readonly defaultTimeoutMs: number;
  /** The attempt's time is up. The agent may go on for a while; its word does not count any more. */
  readonly onTimeout: (reason: TaskloomError) => void;
}

const SUSPENSION_GRACE_MS = 1_000;

/** Runs `execute` until it ends or suspends. Its timeouts are watched meanwhile. */
export function callAgent(call: AgentCall): Promise<Outcome | Returned> {
  const { definition, input, context, clock } = call;
  return new Promise((resolve) => {
    const stopTimers = watch(call);
    const settle = (outcome: Outcome | Returned): void => {
      stopTimers();
      resolve(context.gatherer.isOpen ? suspensionOf(context) : outcome);
    };
    // An agent that catches the suspension and goes on does not hold its task up.
    context.onSuspended = () => clock.schedule(SUSPENSION_GRACE_MS, () => settle(suspensionOf(context)));
    try {
      const result = definition.execute(input as never, context);
      if (isThenable(result))
        result.then(
          (value) => settle({ kind: 'returned', value }),
          (error: unknown) => settle(thrown(error)),
        );
      else settle({ kind: 'returned', value: result });
    } catch (error) {
      settle(thrown(error));
    }
  });
}

/** Sets the clocks of an attempt. Returns what stops them. */
function watch({ attempt, spec, definition, clock, defaultTimeoutMs, onTimeout }: AgentCall): () => void {
  const runMs = spec.overrides?.timeoutMs ?? definition.timeoutMs ?? defaultTimeoutMs;
  const { idleTimeoutMs: idleMs } = definition;
  let stopRun: (() => void) | null = null;
  let stopIdle: (() => void) | null = null;
  const stop = (): void => {
    stopRun?.();
    stopIdle?.();
  };
  const timeUp = (reason: TaskloomError): void => {
    stop();
    onTimeout(reason);
  };
  if (runMs > 0) {
    stopRun = clock.schedule(runMs, () =>
      timeUp(
        new TaskloomError('TASK_TIMEOUT', `"${spec.key}" ran longer than its timeout of ${runMs} ms.`, { details: { timeoutMs: runMs } }),
      ),
    );
  }
  const checkIdle = (): void => {
    const leftMs = attempt.lastSignAt + idleMs - clock.monotonic();
    if (leftMs > 0) stopIdle = clock.schedule(leftMs, checkIdle);
    else
      timeUp(
        new TaskloomError('TASK_IDLE', `"${spec.key}" gave no sign of life for ${idleMs} ms.`, { details: { idleTimeoutMs: idleMs } }),
      );
  };
  if (idleMs > 0) checkIdle();
  return stop;
}

function thrown(error: unknown): Outcome {
  return error instanceof SkipSignal ? { kind: 'skipped', message: error.reason } : failureOf(error);
}

function suspensionOf(context: RunContext): Outcome {
  return { kind: 'suspended', waitFor: 'needs', tasks: context.gatherer.tasks(), alreadyAsked: context.gatherer.alreadyAsked() };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
