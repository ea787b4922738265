import type { JobState, TaskloomClient } from '@taskloom/client';
import type { TreeTask, View } from '@taskloom/terminal';

import { engineChanges } from './engine-changes.js';
import { isWhole } from './is-whole.js';
import { treeTaskOf } from './tree-task-of.js';

/** Changes that come faster than this are shown together. */
const GATHER_MS = 80;

/** What of a client is needed to watch. */
type Watching = Pick<TaskloomClient, 'taskUpdates' | 'jobUpdates' | 'jobEvents'>;

/** Shows a job's tasks in a view until the job ends or `signal` aborts. Returns the job as it was told last. */
export async function watchJob(client: Watching, job: JobState, view: View, signal: AbortSignal): Promise<JobState> {
  // When one stream gives up, the other one must not go on.
  const leaving = new AbortController();
  const until = { signal: AbortSignal.any([signal, leaving.signal]) };
  const tasks = new Map<string, TreeTask>();
  let latest = job;
  let moved: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const showSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const saying = sayingOf(latest, tasks);
      // What came after it counts more, and it is not said again.
      if (saying !== null) moved = null;
      view.say(saying ?? moved);
      if (isWhole(tasks)) view.show([...tasks.values()]);
    }, GATHER_MS);
  };
  const watchTasks = async (): Promise<void> => {
    for await (const task of client.taskUpdates(job.id, until)) {
      tasks.set(task.id, treeTaskOf(task));
      showSoon();
    }
  };
  const watchState = async (): Promise<void> => {
    for await (const state of client.jobUpdates(job.id, until)) {
      latest = state;
      showSoon();
    }
  };
  const watchEngines = async (): Promise<void> => {
    for await (const { id, name } of engineChanges(client, job, until.signal)) {
      moved = `Another engine goes on: ${name} (${id})`;
      view.say(moved);
    }
  };
  try {
    await Promise.all([watchTasks(), watchState(), watchEngines()]);
    view.say(null);
    view.show([...tasks.values()]);
  } finally {
    leaving.abort();
    clearTimeout(timer);
    view.end();
  }
  return latest;
}

/** Why a job does not go on, or what somebody could do for it. */
function sayingOf({ id, status }: JobState, tasks: ReadonlyMap<string, TreeTask>): string | null {
  if (status === 'AWAITING_CONFIRMATION') return `It waits to be confirmed: taskloom job confirm ${id}`;
  const asks = [...tasks.values()].some((task) => task.status === 'BLOCKED' && task.statusReason === 'WAITING_HUMAN');
  if (asks) return `A person is asked: taskloom job show ${id}`;
  return status === 'PAUSED' ? `Paused, nothing new starts: taskloom job resume ${id}` : null;
}
