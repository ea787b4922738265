import type { AgentDefinition } from '../authoring/agent-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { TaskSpec } from '../model/task.js';
import type { Attempt } from './attempt.js';
import type { Timeouts } from './timeouts.js';

export interface WatchedAttempt {
  readonly attempt: Attempt;
  readonly spec: TaskSpec;
  readonly definition: AgentDefinition;
  readonly clock: Clock;
  /** Run timeout where neither task nor agent sets one; 0 means none. */
  readonly defaultTimeoutMs: number;
  readonly timeouts: Timeouts;
}

const nothing = (): void => undefined;

/** Sets the clocks of an attempt, beginning now. Returns what stops them; both end with the first that comes due. */
export function watchAttempt(watched: WatchedAttempt): () => void {
  const { spec, definition, clock, defaultTimeoutMs, timeouts, attempt } = watched;
  const runMs = spec.overrides?.timeoutMs ?? definition.timeoutMs ?? defaultTimeoutMs;
  const idleMs = spec.overrides?.idleTimeoutMs ?? definition.idleTimeoutMs;
  if (idleMs > 0) return watchBoth(watched, runMs, idleMs);
  return runMs > 0 ? clock.schedule(runMs, () => timeouts.over(attempt, spec, definition, tooLong(spec, runMs))) : nothing;
}

function watchBoth({ attempt, spec, definition, clock, timeouts }: WatchedAttempt, runMs: number, idleMs: number): () => void {
  let stopIdle = nothing;
  const stop = (): void => {
    stopRun();
    stopIdle();
  };
  const timeUp = (reason: TaskloomError): void => {
    stop();
    timeouts.over(attempt, spec, definition, reason);
  };
  const checkIdle = (): void => {
    const leftMs = attempt.lastSignAt + idleMs - clock.monotonic();
    if (leftMs > 0) stopIdle = clock.schedule(leftMs, checkIdle);
    else timeUp(idle(spec, idleMs));
  };
  const stopRun = runMs > 0 ? clock.schedule(runMs, () => timeUp(tooLong(spec, runMs))) : nothing;
  attempt.lastSignAt = clock.monotonic();
  stopIdle = clock.schedule(idleMs, checkIdle);
  return stop;
}

function tooLong({ key }: TaskSpec, timeoutMs: number): TaskloomError {
  return new TaskloomError('TASK_TIMEOUT', `"${key}" ran longer than its timeout of ${timeoutMs} ms.`, { details: { timeoutMs } });
}

function idle({ key }: TaskSpec, idleTimeoutMs: number): TaskloomError {
  return new TaskloomError('TASK_IDLE', `"${key}" gave no sign of life for ${idleTimeoutMs} ms.`, { details: { idleTimeoutMs } });
}
