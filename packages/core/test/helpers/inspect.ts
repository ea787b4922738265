import type { Engine, EventType, EventView, TaskView } from '../../src/index.js';
import { isTaskloomError, type TaskloomError } from '../../src/index.js';

/** Every task of a job by its key. */
export async function tasksOf(engine: Engine, jobId: string): Promise<ReadonlyMap<string, TaskView>> {
  const found = new Map<string, TaskView>();
  let after: string | undefined;
  do {
    const page = await engine.reader.tasks({ jobId }, { first: 100, ...(after === undefined ? undefined : { after }) });
    for (const task of page.items) found.set(task.key, task);
    after = page.hasNextPage ? page.cursors[page.cursors.length - 1] : undefined;
  } while (after !== undefined);
  return found;
}

export async function taskOf(engine: Engine, jobId: string, key: string): Promise<TaskView> {
  const task = (await tasksOf(engine, jobId)).get(key);
  if (!task) throw new Error(`job ${jobId} has no task ${key}`);
  return task;
}

/** Statuses by key, with the reason where there is one: `SKIPPED CONDITION_FALSE`. The objective is left out. */
export async function statusesOf(engine: Engine, jobId: string): Promise<Record<string, string>> {
  const tasks = [...(await tasksOf(engine, jobId)).values()].filter(({ no }) => no !== 0);
  return Object.fromEntries(
    tasks.map(({ key, status, statusReason }) => [key, statusReason === null ? status : `${status} ${statusReason}`]),
  );
}

export async function outputOf(engine: Engine, jobId: string, key: string): Promise<unknown> {
  const { no } = await taskOf(engine, jobId, key);
  return (await engine.reader.taskOutputs([{ jobId, no }], 1e9))[0]?.value;
}

/** All events that a job has so far. */
export async function eventsOf(engine: Engine, jobId: string, afterSeq = 0): Promise<EventView[]> {
  const found: EventView[] = [];
  for (;;) {
    const page = await engine.reader.events(jobId, found[found.length - 1]?.seq ?? afterSeq, 1_000);
    found.push(...page);
    if (page.length < 1_000) return found;
  }
}

/** Waits for an event of a job: the first one, stored or to come, that fits. */
export async function eventOf(
  engine: Engine,
  jobId: string,
  type: EventType,
  taskKey?: string,
  fits: (event: EventView) => boolean = () => true,
): Promise<EventView> {
  const abort = new AbortController();
  // After an event that ended the job it may have been reopened: the stream is taken up again.
  for (let afterSeq = 0; ;) {
    let last = afterSeq;
    for await (const event of engine.events(jobId, { afterSeq, signal: abort.signal })) {
      last = event.seq;
      if (event.type !== type || (taskKey !== undefined && event.taskKey !== taskKey) || !fits(event)) continue;
      abort.abort();
      return event;
    }
    if (last === afterSeq) throw new Error(`job ${jobId} ended without ${type}${taskKey === undefined ? '' : ` of ${taskKey}`}`);
    afterSeq = last;
  }
}

/** The job's end, whatever it is, when it has come. */
export async function ended(engine: Engine, jobId: string): Promise<Awaited<ReturnType<Engine['cancelJob']>>> {
  await engine
    .job(jobId)
    .result()
    .catch(() => undefined);
  return engine.job(jobId).status();
}

/** What a promise was rejected with: an error of the framework. */
export async function refusal(promise: Promise<unknown>): Promise<TaskloomError> {
  try {
    await promise;
  } catch (error) {
    if (isTaskloomError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Polls once a turn of the event loop, for what rings no bell. Fails after `withinMs`: long enough for a slow, busy machine. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not come true within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
