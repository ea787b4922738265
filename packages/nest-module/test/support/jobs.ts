import type { Engine, TaskSubmission } from '@taskloom/core';

/** Starts a job and waits until it has ended, well or not. */
export async function runJob(engine: Engine, tasks: readonly TaskSubmission[], name = 'job'): Promise<string> {
  const handle = await engine.submitJob({ name, tasks });
  await ended(engine, handle.id);
  return handle.id;
}

export async function runWelcome(engine: Engine, name = 'Ada'): Promise<string> {
  const handle = await engine.startWorkflow('welcome', { name });
  await handle.result();
  return handle.id;
}

/** Waits for the event that ends the job. */
export async function ended(engine: Engine, jobId: string): Promise<void> {
  for await (const event of engine.events(jobId)) void event;
}
