import { noteOf, waitOf } from './note-of.js';
import { hasEnded, isRunByApplication, type TreeTask } from './tree-task.js';

/** What a line of the tree says, before it is given colours and a width. */
export interface TreeLine {
  /** The branches in front of it, such as `│  └─ `. */
  readonly branch: string;
  /** 0 for the job itself, 1 for its stories. */
  readonly depth: number;
  readonly state: LineState;
  readonly name: string;
  /** The agent that runs it; `null` where none of the application does. */
  readonly agent: string | null;
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

/** `asking`: it waits for somebody, and not for other tasks. */
export type LineState = 'waiting' | 'running' | 'asking' | 'done' | 'skipped' | 'failed' | 'cancelled';

/** Tasks with more children than this show a bar instead of them; so do tasks that were repeated for a list. */
const LISTED_CHILDREN = 12;

type Children = ReadonlyMap<string, readonly TreeTask[]>;

/** A job's tasks as lines, parents before children, as things stand at `nowMs`. The first task is the job's root. */
export function treeLines(tasks: readonly TreeTask[], nowMs: number): TreeLine[] {
  const children = new Map<string, TreeTask[]>(tasks.map(({ id }) => [id, []]));
  for (const task of tasks) if (task.parentId !== null) children.get(task.parentId)?.push(task);
  const [root] = tasks;
  return root ? linesOf(root, { depth: 0, branch: '', inside: '', nowMs, children }) : [];
}

interface Place {
  readonly depth: number;
  readonly branch: string;
  /** What stands in front of the branches of the tasks below. */
  readonly inside: string;
  readonly nowMs: number;
  readonly children: Children;
}

function linesOf(task: TreeTask, place: Place): TreeLine[] {
  const { depth, branch, inside, nowMs, children } = place;
  const below = children.get(task.id) ?? [];
  const isCollapsed = below.length > LISTED_CHILDREN || below.some(({ origin }) => origin !== 'plan');
  const line: TreeLine = {
    branch,
    depth,
    state: stateOf(task, children),
    name: task.name,
    agent: isRunByApplication(task) ? task.agent : null,
    progress: isCollapsed || depth === 0 ? countBelow(task, children) : null,
    elapsedMs: elapsedOf(task, below.length > 0 && !isCollapsed && depth > 0, nowMs),
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

function countBelow(task: TreeTask, children: Children): Progress {
  let done = 0;
  let total = 0;
  for (const child of children.get(task.id) ?? []) {
    const below = countBelow(child, children);
    total += 1 + below.total;
    done += (hasEnded(child) ? 1 : 0) + below.done;
  }
  return { done, total };
}

/** Of a task with listed children these tell it better; one that was only skipped or waits has none. */
function elapsedOf({ startedAtMs, finishedAtMs }: TreeTask, isListed: boolean, nowMs: number): number | null {
  return isListed || startedAtMs === null ? null : Math.max(0, (finishedAtMs ?? nowMs) - startedAtMs);
}

function stateOf(task: TreeTask, children: Children): LineState {
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
      if (waitOf(task) !== null) return 'asking';
      return (children.get(task.id) ?? []).some((child) => isUnderWay(child, children)) ? 'running' : 'waiting';
  }
}

function isUnderWay(task: TreeTask, children: Children): boolean {
  return task.startedAtMs !== null || (children.get(task.id) ?? []).some((child) => isUnderWay(child, children));
}
