import type { TaskState } from '@taskloom/client';
import type { TreeTask } from '@taskloom/terminal';

/** A task of the API as a tree shows it. */
export function treeTaskOf(task: TaskState): TreeTask {
  const { id, name, agent, status, statusReason, statusMessage, error, summary, progressMessage, attempt } = task;
  return {
    id,
    parentId: task.parent?.id ?? null,
    name,
    agent,
    status,
    statusReason,
    statusMessage,
    error,
    summary,
    progressMessage,
    attempt,
    // The API does not tell; too many to list are counted anyway.
    origin: 'plan',
    updatedAtMs: Date.parse(task.updatedAt),
    startedAtMs: millisecondsOf(task.startedAt),
    finishedAtMs: millisecondsOf(task.finishedAt),
  };
}

function millisecondsOf(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
