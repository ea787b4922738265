import type { AgentDefinition, TaskContext } from '@taskloom/core';

export interface FakeAttempt {
  readonly signal?: AbortSignal;
  readonly warnings?: string[];
  readonly idempotencyKey?: string;
}

/** Runs one attempt of an agent without an engine; tells what it gives or throws. */
export async function attempt(
  agent: AgentDefinition,
  input: unknown,
  { signal, warnings, idempotencyKey = 'job-1:3:0' }: FakeAttempt = {},
): Promise<unknown> {
  const ctx = {
    job: { id: 'job-1', name: 'job', workflow: null, input: null },
    task: { id: 'job-1:3', key: 'task' },
    attempt: { number: 2, reason: 'RETRY', feedback: null },
    signal: signal ?? new AbortController().signal,
    idempotencyKey,
    logger: { warn: (message: string) => void warnings?.push(message) },
  } as unknown as TaskContext;
  return agent.execute(input as never, ctx);
}

export async function thrownBy(promise: Promise<unknown>): Promise<{ code: string; message: string; details: { status?: number } }> {
  try {
    await promise;
  } catch (error) {
    return error as { code: string; message: string; details: { status?: number } };
  }
  throw new Error('nothing was thrown');
}
