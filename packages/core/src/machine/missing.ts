import type { TaskStatus } from '../model/task.js';
import { countOf, type JobState, type TaskState } from './job-state.js';

const NONE: readonly number[] = [];

/**
 * What a task depended on and does not get: dependencies that ended without completing, and elements of a list that did. Most
 * tasks start only when everything before them has completed, so most of the time there is nothing to look for.
 */
export function missingFor(state: JobState, task: TaskState): readonly number[] {
  if (task.dependencies.length === 0 || hasOnlyCompleted(state)) return NONE;
  return task.dependencies.flatMap((no) => {
    const source = state.tasks[no]!;
    if (!isComplete(source.status)) return wasTakenBack(source) ? NONE : [no];
    return source.output.kind === 'children' ? source.children.filter((child) => isGap(state.tasks[child]!)) : NONE;
  });
}

function hasOnlyCompleted(state: JobState): boolean {
  return countOf(state, 'FAILED') + countOf(state, 'REJECTED') + countOf(state, 'SKIPPED') + countOf(state, 'CANCELLED') === 0;
}

function isGap({ status, reason }: TaskState): boolean {
  return reason !== 'SUPERSEDED' && !isComplete(status);
}

function isComplete(status: TaskStatus): boolean {
  return status === 'COMPLETED' || status === 'ACCEPTED';
}

/** It counts no more, but what it came to is still read by whoever had waited for it. */
function wasTakenBack({ reason, output }: TaskState): boolean {
  return reason === 'SUPERSEDED' && output.kind !== 'none';
}
