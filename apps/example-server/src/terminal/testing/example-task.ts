import type { TaskView } from '@taskloom/core';

/** A task for tests: planned, a TASK of an agent, not begun, unless told otherwise. */
export function exampleTask(no: number, given: Partial<TaskView> = {}): TaskView {
  return {
    id: `job:${no}`,
    jobId: 'job',
    no,
    key: `task-${no}`,
    type: no === 0 ? 'OBJECTIVE' : 'TASK',
    kind: null,
    name: `Task ${no}`,
    description: null,
    agent: 'agent',
    status: 'PENDING',
    statusReason: null,
    causedBy: null,
    statusMessage: null,
    error: null,
    summary: null,
    cachedFrom: null,
    weight: 1,
    acceptanceCriteria: null,
    priority: 5,
    failureStrategy: 'abort',
    metadata: null,
    parent: no === 0 ? null : 0,
    dependencies: [],
    origin: 'plan',
    generation: 0,
    attempt: 0,
    maxAttempts: 1,
    timeoutMs: null,
    durability: 'retry',
    deadline: null,
    review: null,
    recovery: null,
    resources: null,
    held: false,
    rejections: 0,
    strikes: 0,
    availableAt: null,
    progress: 0,
    progressMessage: null,
    createdAt: 0,
    updatedAt: 0,
    startedAt: null,
    finishedAt: null,
    ...given,
  };
}

/** An error as the engine stores it. */
export const exampleError = (message: string): NonNullable<TaskView['error']> => ({ code: 'AGENT_FAILED', message });
