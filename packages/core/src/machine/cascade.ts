import type { StoredError } from '../errors/serialize-error.js';
import type { JobEvent, TaskFailed } from '../model/event.js';
import type { JobState } from './job-state.js';

const SHOWN = 20;

/** The event, with the chain of failures that it ends where that is long enough to give the job up. */
export function cascading(state: JobState, event: JobEvent, cascadeAfter: number): JobEvent {
  if (event.type !== 'TASK_FAILED' || event.strategy === 'abort' || state.tasks[event.task]!.strategy === 'abort') return event;
  const chain = failedChain(state, event.task);
  return chain.length < cascadeAfter ? event : { ...event, strategy: 'abort', cascade: chain };
}

/** The error of a job that was given up because of such a chain. */
export function cascadeError(state: JobState, { cascade = [], error }: TaskFailed): StoredError {
  const keys = cascade.map((no) => state.tasks[no]!.key);
  const shown = keys.length > SHOWN ? ['…', ...keys.slice(-SHOWN)] : keys;
  return {
    code: 'CASCADE_ABORTED',
    message: `${keys.length} tasks that depend on each other failed one after the other: ${shown.map((key) => (key === '…' ? key : `"${key}"`)).join(', ')}.`,
    details: { chain: shown, count: keys.length },
    causes: [error.message],
  };
}

/** Numbers of the tasks of the longest chain that ends with one that fails now, in which each failed and is a dependency of the next. */
function failedChain(state: JobState, last: number): number[] {
  /** The task before each on its longest chain, and how long that is. */
  const before = new Map<number, { readonly length: number; readonly on: number }>();
  const path = [last];
  while (path.length > 0) {
    const no = path[path.length - 1]!;
    const failed = state.tasks[no]!.dependencies.filter((on) => hasFailed(state, on));
    const unknown = failed.filter((on) => !before.has(on));
    if (unknown.length > 0) {
      path.push(...unknown);
      continue;
    }
    path.pop();
    const longest = failed.reduce((best, on) => (best === -1 || before.get(on)!.length > before.get(best)!.length ? on : best), -1);
    before.set(no, { length: longest === -1 ? 1 : before.get(longest)!.length + 1, on: longest });
  }
  const chain: number[] = [];
  for (let no = last; no !== -1; no = before.get(no)!.on) chain.unshift(no);
  return chain;
}

function hasFailed(state: JobState, no: number): boolean {
  const { status } = state.tasks[no]!;
  return status === 'FAILED' || status === 'REJECTED';
}
