import { isTerminalTask, type TaskView } from '@taskloom/core';

/** What a line of the tree says, before it is given colours and a width. */
export interface TreeLine {
  /** The branches in front of it, such as `│  └─ `. */
  readonly branch: string;
  readonly state: LineState;
  readonly name: string;
  /** Ended and all of the tasks below a task that has many; `null` where they are listed, or there are none. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly note: string | null;
}

export type LineState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed' | 'cancelled';

/** Tasks with more children than this show a bar instead of them; so do tasks that were repeated for a list. */
const LISTED_CHILDREN = 12;

/** A job's tasks as lines, parents before children. */
export function treeLines(tasks: readonly TaskView[]): TreeLine[] {
  const children = new Map<number, TaskView[]>(tasks.map(({ no }) => [no, []]));
  for (const task of tasks) if (task.parent !== null) children.get(task.parent)?.push(task);
  const [root] = tasks;
  return root ? linesOf(root, '', '', children) : [];
}

function linesOf(task: TaskView, branch: string, inside: string, children: ReadonlyMap<number, readonly TaskView[]>): TreeLine[] {
  const below = children.get(task.no) ?? [];
  const isCollapsed = below.length > LISTED_CHILDREN || below.some(({ origin }) => origin !== 'plan');
  const line: TreeLine = {
    branch,
    state: stateOf(task, children),
    name: task.name,
    progress: isCollapsed ? countBelow(task, children) : null,
    note: noteOf(task),
  };
  if (isCollapsed) return [line];
  return [
    line,
    ...below.flatMap((child, index) => {
      const isLast = index === below.length - 1;
      return linesOf(child, `${inside}${isLast ? '└─ ' : '├─ '}`, `${inside}${isLast ? '   ' : '│  '}`, children);
    }),
  ];
}

function countBelow(task: TaskView, children: ReadonlyMap<number, readonly TaskView[]>): { done: number; total: number } {
  let done = 0;
  let total = 0;
  for (const child of children.get(task.no) ?? []) {
    const below = countBelow(child, children);
    total += 1 + below.total;
    done += (isTerminalTask(child.status) ? 1 : 0) + below.done;
  }
  return { done, total };
}

function stateOf(task: TaskView, children: ReadonlyMap<number, readonly TaskView[]>): LineState {
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

function isUnderWay(task: TaskView, children: ReadonlyMap<number, readonly TaskView[]>): boolean {
  return task.startedAt !== null || (children.get(task.no) ?? []).some((child) => isUnderWay(child, children));
}

function noteOf(task: TaskView): string | null {
  switch (task.status) {
    case 'COMPLETED':
      return task.summary;
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
