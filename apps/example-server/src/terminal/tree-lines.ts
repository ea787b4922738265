import { isTerminalTask, type TaskView } from '@taskloom/core';

/** What a line of the tree says, before it is given colours and a width. */
export interface TreeLine {
  /** The branches in front of it, such as `│  └─ `. */
  readonly branch: string;
  /** 0 for the job itself, 1 for its stories. */
  readonly depth: number;
  readonly state: LineState;
  readonly name: string;
  /** Ended and all of the tasks below: of the job, and of a task whose own are too many to list; else `null`. */
  readonly progress: Progress | null;
  /** How long it has been running, or ran; `null` where that says nothing. */
  readonly elapsedMs: number | null;
  readonly note: string | null;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export type LineState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed' | 'cancelled';

/** Tasks with more children than this show a bar instead of them; so do tasks that were repeated for a list. */
const LISTED_CHILDREN = 12;

type Children = ReadonlyMap<number, readonly TaskView[]>;

/** A job's tasks as lines, parents before children, as things stand at `now`. The first task is the job's root. */
export function treeLines(tasks: readonly TaskView[], now: number): TreeLine[] {
  const children = new Map<number, TaskView[]>(tasks.map(({ no }) => [no, []]));
  for (const task of tasks) if (task.parent !== null) children.get(task.parent)?.push(task);
  const [root] = tasks;
  return root ? linesOf(root, { depth: 0, branch: '', inside: '', now, children }) : [];
}

interface Place {
  readonly depth: number;
  readonly branch: string;
  /** What stands in front of the branches of the tasks below. */
  readonly inside: string;
  readonly now: number;
  readonly children: Children;
}

function linesOf(task: TaskView, place: Place): TreeLine[] {
  const { depth, branch, inside, now, children } = place;
  const below = children.get(task.no) ?? [];
  const isCollapsed = below.length > LISTED_CHILDREN || below.some(({ origin }) => origin !== 'plan');
  const line: TreeLine = {
    branch,
    depth,
    state: stateOf(task, children),
    name: task.name,
    progress: isCollapsed || depth === 0 ? countBelow(task, children) : null,
    elapsedMs: elapsedOf(task, below.length > 0 && !isCollapsed && depth > 0, now),
    note: noteOf(task),
  };
  if (isCollapsed) return [line];
  return [
    line,
    ...below.flatMap((child, index) => {
      const isLast = index === below.length - 1;
      return linesOf(child, {
        ...place,
        depth: depth + 1,
        branch: `${inside}${isLast ? '└─ ' : '├─ '}`,
        inside: `${inside}${isLast ? '   ' : '│  '}`,
      });
    }),
  ];
}

function countBelow(task: TaskView, children: Children): Progress {
  let done = 0;
  let total = 0;
  for (const child of children.get(task.no) ?? []) {
    const below = countBelow(child, children);
    total += 1 + below.total;
    done += (isTerminalTask(child.status) ? 1 : 0) + below.done;
  }
  return { done, total };
}

/** Of a task with listed children these tell it better; one that was only skipped or waits has none. */
function elapsedOf({ startedAt, finishedAt }: TaskView, isListed: boolean, now: number): number | null {
  return isListed || startedAt === null ? null : Math.max(0, (finishedAt ?? now) - startedAt);
}

function stateOf(task: TaskView, children: Children): LineState {
  switch (task.status) {
    case 'COMPLETED':
    case 'ACCEPTED':
      return 'done';
    case 'FAILED':
    case 'REJECTED':
      return 'failed';
    case 'SKIPPED':
      return 'skipped';
    case 'CANCELLED':
      return 'cancelled';
    case 'IN_PROGRESS':
      return 'running';
    default:
      return (children.get(task.no) ?? []).some((child) => isUnderWay(child, children)) ? 'running' : 'waiting';
  }
}

function isUnderWay(task: TaskView, children: Children): boolean {
  return task.startedAt !== null || (children.get(task.no) ?? []).some((child) => isUnderWay(child, children));
}

function noteOf(task: TaskView): string | null {
  switch (task.status) {
    case 'COMPLETED':
      return saysSomething(task) ? task.summary : null;
    case 'FAILED':
      return task.error?.message ?? task.statusMessage;
    case 'SKIPPED':
    case 'CANCELLED':
      return task.statusMessage;
    case 'IN_PROGRESS':
      return task.progressMessage;
    default:
      return task.error === null ? null : `tries again: ${task.error.message}`;
  }
}

/** Where no agent of the application ran, the summary only lists the tasks below, which the tree shows anyway. */
export function saysSomething({ agent }: TaskView): boolean {
  return agent !== null && !agent.startsWith('$');
}
