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
