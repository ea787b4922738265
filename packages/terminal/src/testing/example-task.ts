import type { TreeTask } from '../tree/tree-task.js';

/** A task for tests by its number: planned, of an agent, not begun, below the root (0), unless told otherwise. */
export function exampleTask(no: number, { parent, ...given }: Partial<TreeTask> & { readonly parent?: number } = {}): TreeTask {
  return {
    id: `job:${no}`,
    parentId: no === 0 ? null : `job:${parent ?? 0}`,
    name: `Task ${no}`,
    agent: 'agent',
    status: 'PENDING',
    statusReason: null,
    statusMessage: null,
    error: null,
    summary: null,
    progressMessage: null,
    attempt: 0,
    origin: 'plan',
    updatedAtMs: 0,
    startedAtMs: null,
    finishedAtMs: null,
    ...given,
  };
}
