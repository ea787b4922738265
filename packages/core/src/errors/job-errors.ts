import type { StoredError } from './serialize-error.js';
import { TaskloomError } from './taskloom-error.js';

/** A task that `ctx.need` asked for failed, was skipped or was cancelled. Thrown at the line of the call. */
export class DependencyFailedError extends TaskloomError {
  constructor(
    readonly taskKey: string,
    readonly status: string,
    readonly taskError: StoredError | null,
  ) {
    super('DEPENDENCY_FAILED', `The task "${taskKey}" ended ${status}${taskError ? `: ${taskError.message}` : ''}.`, {
      details: { taskKey, status, ...(taskError ? { error: { code: taskError.code, message: taskError.message } } : undefined) },
    });
  }
}

/** A dependency that was asked for while the job runs would make tasks wait for each other in a circle; nothing was changed. */
export class DependencyError extends TaskloomError {
  /** Keys of the tasks of the circle, in order of waiting. */
  constructor(readonly cycle: readonly string[]) {
    const shown = cycle.slice(0, SHOWN_KEYS);
    const more = cycle.length > SHOWN_KEYS ? ` → … ${cycle.length - SHOWN_KEYS} more …` : '';
    super('GRAPH_CYCLE', `Tasks would wait for each other in a circle: ${shown.join(' → ')}${more} → ${cycle[0] ?? ''}.`, {
      details: { cycle: shown },
    });
  }
}

const SHOWN_KEYS = 10;
