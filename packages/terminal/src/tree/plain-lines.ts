import { oneLine } from '../text/one-line.js';
import { noteOf, waitOf } from './note-of.js';
import { hasEnded, isRunByApplication, type TreeTask } from './tree-task.js';

const PROGRESS_STEP = 25;

interface Line {
  /** When it came about; lines are said in that order. */
  readonly atMs: number;
  /** Of what came about together the innermost is said first. */
  readonly depth: number;
  readonly text: string;
}

/** One thing that is said of a task once. */
interface Saying {
  /** Up to nine letters. */
  readonly word: string;
  /** Differs wherever the same word is to be said again. */
  readonly key: string;
  readonly note: string | null;
}

type Tasks = ReadonlyMap<string, TreeTask>;

/** Says what changed since the last time, one line each: for logs and pipes. */
export class PlainLines {
  private readonly said = new Map<string, string>();
  private readonly quarters = new Map<string, number>();

  next(tasks: readonly TreeTask[]): string[] {
    const byId = new Map(tasks.map((task) => [task.id, task]));
    const repeated = repeatedBelow(tasks);
    return tasks
      .filter(({ origin }) => origin === 'plan')
      .flatMap((task) => [...this.progress(task, repeated.get(task.id) ?? [], byId), ...this.change(task, byId)])
      .sort((a, b) => a.atMs - b.atMs || b.depth - a.depth)
      .map(({ text }) => text);
  }

  private change(task: TreeTask, byId: Tasks): Line[] {
    const saying = sayingOf(task);
    if (saying === null || this.said.get(task.id) === saying.key) return [];
    this.said.set(task.id, saying.key);
    return [lineOf(task, byId, saying.word, saying.note)];
  }

  /** A task that was repeated for a list tells each quarter of it. */
  private progress(task: TreeTask, repeated: readonly TreeTask[], byId: Tasks): Line[] {
    if (repeated.length === 0) return [];
    const done = repeated.filter((one) => hasEnded(one)).length;
    const quarter = Math.floor(((done / repeated.length) * 100) / PROGRESS_STEP);
    if (quarter <= (this.quarters.get(task.id) ?? 0)) return [];
    this.quarters.set(task.id, quarter);
    return [lineOf(task, byId, 'progress', `${done} of ${repeated.length}`)];
  }
}

/** What was made for the items of a list, by the task that has the list. */
function repeatedBelow(tasks: readonly TreeTask[]): ReadonlyMap<string, readonly TreeTask[]> {
  const found = new Map<string, TreeTask[]>();
  for (const task of tasks) {
    if (task.origin !== 'map' || task.parentId === null) continue;
    const siblings = found.get(task.parentId);
    if (siblings) siblings.push(task);
    else found.set(task.parentId, [task]);
  }
  return found;
}

/** What no agent of the application runs is told when it ends; its tasks also when they begin, and when they wait for somebody. */
function sayingOf(task: TreeTask): Saying | null {
  const { status, attempt, error } = task;
  if (hasEnded(task)) return { word: status.toLowerCase(), key: status, note: noteOf(task) ?? task.statusMessage };
  const wait = waitOf(task);
  if (wait !== null) return { word: 'waiting', key: wait, note: wait };
  if (!isRunByApplication(task)) return null;
  if (status === 'IN_PROGRESS') return { word: 'started', key: `started ${attempt}`, note: attempt > 1 ? `attempt ${attempt}` : null };
  return status === 'READY' && error !== null ? { word: 'retrying', key: `retrying ${attempt}`, note: error.message } : null;
}

function lineOf(task: TreeTask, byId: Tasks, word: string, note: string | null): Line {
  const text = `${word.padEnd(9)} ${nameOf(task, byId)}${note === null ? '' : `: ${oneLine(note)}`}`;
  return { atMs: task.finishedAtMs ?? task.updatedAtMs, depth: depthOf(task, byId), text };
}

function depthOf(task: TreeTask, byId: Tasks): number {
  const parent = task.parentId === null ? undefined : byId.get(task.parentId);
  return parent === undefined ? 0 : 1 + depthOf(parent, byId);
}

function nameOf(task: TreeTask, byId: Tasks): string {
  const parent = task.parentId === null ? undefined : byId.get(task.parentId);
  return parent && parent.parentId !== null ? `${oneLine(parent.name)} › ${oneLine(task.name)}` : oneLine(task.name);
}
