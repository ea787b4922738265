import type { AgentDefinition } from '../authoring/agent-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { TaskSpec } from '../model/task.js';
import type { Attempt } from './attempt.js';

export interface WatchedAttempt {
  readonly attempt: Attempt;
  readonly spec: TaskSpec;
  readonly definition: AgentDefinition;
  readonly clock: Clock;
  /** Run timeout where neither task nor agent sets one; 0 means none. */
  readonly defaultTimeoutMs: number;
  /** The attempt's time is up. The agent may go on for a while; its word does not count any more. */
  readonly onTimeout: (reason: TaskloomError) => void;
}

/** Sets the clocks of an attempt, beginning now. Returns what stops them; both end with the first that comes due. */
export function watchAttempt({ attempt, spec, definition, clock, defaultTimeoutMs, onTimeout }: WatchedAttempt): () => void {
  const runMs = spec.overrides?.timeoutMs ?? definition.timeoutMs ?? defaultTimeoutMs;
  const idleMs = spec.overrides?.idleTimeoutMs ?? definition.idleTimeoutMs;
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
  if (idleMs > 0) {
    attempt.lastSignAt = clock.monotonic();
    stopIdle = clock.schedule(idleMs, checkIdle);
  }
  return stop;
}
