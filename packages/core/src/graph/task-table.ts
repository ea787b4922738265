import { freeKey } from '../kernel/free-key.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { nearest } from '../kernel/nearest.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import { TASK_TYPES, type FailureStrategy, type TaskType } from '../model/task.js';
import { show, type GraphProblems } from './graph-problems.js';
import { misshapenParts, misshapenProblem, withoutMisshapen } from './misshapen.js';

const SHOWN_IN_CYCLE = 10;
/** Problems beyond these are not shown one by one, so nothing is looked up for them. */
const SUGGESTIONS = 20;
/** Among more keys than these no likely one is sought: it would take longer than reading them. */
const MOST_KEYS_TO_COMPARE = 2_000;

const LIKE_OBJECTIVE = /^objective/i;

/** The tasks of a submission by number and by key, and where each stands. Numbers follow the submitted order; 0 is the objective. */
export class TaskTable {
  /** Entry 0 is the objective's own submission, or the engine's stand-in for it. */
  readonly tasks: TaskSubmission[] = [];
  readonly parents: (number | null)[] = [];
  readonly strategies: FailureStrategy[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param objective the objective's name where the submission has no OBJECTIVE task */
  constructor(
    private readonly submission: JobSubmission,
    private readonly objective: { readonly name: string; readonly description?: string },
    private readonly problems: GraphProblems,
  ) {}

  // ── making it ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Gives every task its number. */
  number(): void {
    const submitted = this.submission.tasks.map((task) => this.shaped(task));
    const objectives = submitted.filter((task) => task.type === 'OBJECTIVE');
    for (const extra of objectives.slice(1))
      this.problems.report('ILLEGAL_PARENT', extra.key, `"${show(extra.key)}" is a second OBJECTIVE; a job has one.`);
    const objective = objectives[0] ?? this.standInObjective(submitted);
    this.tasks.push(objective, ...submitted.filter((task) => task !== objective));

    const folded = new Map<string, string>();
    this.tasks.forEach((task, no) => {
      if (!isName(task.key)) {
        this.problems.report('ID_INVALID', String(task.key), `${inMessage(task.key)} cannot be a task's key: use ${NAME_RULE}.`);
        return;
      }
      const twin = folded.get(task.key.toLowerCase());
      if (twin !== undefined) {
        this.problems.report(
          'DUPLICATE_TASK',
          task.key,
          twin === task.key ? `The key "${task.key}" is used twice.` : `The keys "${twin}" and "${task.key}" differ only by case.`,
        );
        return;
      }
      folded.set(task.key.toLowerCase(), task.key);
      this.numbers.set(task.key, no);
    });
  }

  /** What is wrong with a part is said once; the rest of the task is checked without it. */
  private shaped(task: TaskSubmission): TaskSubmission {
    const parts = misshapenParts(task);
    if (parts.length === 0) return task;
    const shaped = withoutMisshapen(task);
    this.problems.found.push(...parts.map((part) => misshapenProblem(part, shaped.key)));
    return shaped;
  }

  private standInObjective(others: readonly TaskSubmission[]): TaskSubmission {
    const taken = new Set<string>();
    for (const { key } of others) if (LIKE_OBJECTIVE.test(key)) taken.add(key.toLowerCase());
    const key = freeKey('objective', (candidate) => taken.has(candidate));
    const { name, description } = this.objective;
    return { key, type: 'OBJECTIVE', name, ...(description === undefined ? undefined : { description }) };
  }

  /** Gives every task its parent. */
  findParents(): void {
    this.tasks.forEach((task, no) => {
      if (no === 0) {
        if (task.parent !== undefined)
          this.problems.report('ILLEGAL_PARENT', task.key, `The objective "${task.key}" cannot stand under another task.`);
        this.parents.push(null);
        return;
      }
      if (task.parent === undefined) {
        this.parents.push(0);
        return;
      }
      const parent = this.numbers.get(task.parent);
      if (parent === undefined)
        this.problems.report(
          'UNKNOWN_PARENT',
          task.key,
          `"${show(task.key)}" names the parent "${show(task.parent)}", which is not in the job${this.suggest(task.parent, task.key)}`,
        );
      this.parents.push(parent ?? 0);
    });
    this.refuseParentCircle();
  }

  /** Gives every task its failure strategy: its own, or the nearest above it, or the job's. */
  findStrategies(): void {
    this.tasks.forEach((_, no) => this.strategies.push(this.inheritedStrategy(no)));
  }

  /** Parents that lead back to themselves would make every walk up the hierarchy endless. */
  private refuseParentCircle(): void {
    const seenInWalk = new Int32Array(this.tasks.length).fill(-1);
    for (let walk = 0; walk < this.tasks.length; walk += 1) {
      // Above it is the objective, above which there is nothing.
      if (this.parents[walk] === 0) continue;
      const path: number[] = [];
      let current: number | null = walk;
      while (current !== null && seenInWalk[current] === -1) {
        seenInWalk[current] = walk;
        path.push(current);
        current = this.parents[current]!;
      }
      if (current === null || seenInWalk[current] !== walk) continue;
      const circle = path.slice(path.indexOf(current));
      this.reportCycle(circle);
      for (const member of circle) this.parents[member] = 0;
    }
  }

  /** How many levels of tasks there are below the objective. */
  depth(): number {
    const depths = new Int32Array(this.tasks.length).fill(-1);
    depths[0] = 0;
    let deepest = 0;
    for (let no = 1; no < this.tasks.length; no += 1) {
      if (this.parents[no] === 0) {
        depths[no] = 1;
        deepest = Math.max(deepest, 1);
        continue;
      }
      const path: number[] = [];
      let current = no;
      while (depths[current] === -1) {
        path.push(current);
        current = this.parents[current] ?? 0;
      }
      for (let below = path.pop(); below !== undefined; below = path.pop()) {
        depths[below] = depths[current]! + 1;
        current = below;
      }
      deepest = Math.max(deepest, depths[no]!);
    }
    return deepest;
  }

  private inheritedStrategy(no: number): FailureStrategy {
    for (let current: number | null = no; current !== null; current = this.parents[current]!) {
      const own = this.tasks[current]!.failureStrategy;
      if (own !== undefined) return own;
    }
    return this.submission.options?.failureStrategy ?? 'abort';
  }

  // ── reading it ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The task with the key; `undefined` where there is none. */
  find(key: string): number | undefined {
    return this.numbers.get(key);
  }

  /** The same for a key that `owner` names; -1 where there is none, and that is reported. */
  numberOf(key: unknown, owner: string, verb: string): number {
    const named = typeof key === 'string' ? key : inMessage(key);
    const no = typeof key === 'string' ? this.numbers.get(key) : undefined;
    if (no !== undefined) return no;
    this.problems.report(
      'UNKNOWN_DEPENDENCY',
      owner,
      `"${show(owner)}" ${verb} "${show(named)}", which is not in the job${this.suggest(named, owner)}`,
      { dependency: show(named) },
    );
    return -1;
  }

  /** Keys that may have been meant; not that of the task that names it. */
  private suggest(key: string, owner: string): string {
    if (this.problems.found.length >= SUGGESTIONS || this.numbers.size > MOST_KEYS_TO_COMPARE) return '.';
    const others = [...this.numbers.keys()].filter((other) => other !== owner);
    const near = nearest(show(key), others);
    return near.length > 0 ? `; did you mean ${near.join(', ')}?` : '.';
  }

  /** Numbers of the tasks that the task stands under, the nearest first. */
  above(no: number): number[] {
    const found: number[] = [];
    for (let current = this.parents[no] ?? null; current !== null; current = this.parents[current]!) found.push(current);
    return found;
  }

  isBelow(no: number, ancestor: number): boolean {
    return this.above(no).includes(ancestor);
  }

  /** The given type, else the one its place suggests; and whether the parent may have such a child. */
  typeOf(task: TaskSubmission, no: number): TaskType {
    if (no === 0) return 'OBJECTIVE';
    const parentType = this.parents[no] === 0 ? 'OBJECTIVE' : this.nominalType(this.parents[no]!);
    const type = this.nominalType(no);
    if (!mayContain(parentType, type)) {
      this.problems.report(
        'ILLEGAL_PARENT',
        task.key,
        `"${show(task.key)}" is a ${type} under a ${parentType}; the order is OBJECTIVE, STORY, TASK, SUBTASK.`,
      );
    }
    return type;
  }

  private nominalType(no: number): TaskType {
    const { type } = this.tasks[no]!;
    if (type !== undefined && TASK_TYPES.includes(type)) return type;
    const parent = this.parents[no]!;
    if (parent === null || parent === 0) return 'TASK';
    const above = this.tasks[parent]!.type;
    return above === 'STORY' ? 'TASK' : 'SUBTASK';
  }

  /** Tasks that wait for each other. */
  reportCycle(cycle: readonly number[]): void {
    const keys = cycle.map((no) => this.tasks[no]!.key);
    const shown =
      keys.length <= SHOWN_IN_CYCLE
        ? [...keys, keys[0]!]
        : [...keys.slice(0, SHOWN_IN_CYCLE - 1), `… ${keys.length - SHOWN_IN_CYCLE + 1} more …`, keys[0]!];
    this.problems.report(
      'GRAPH_CYCLE',
      keys[0]!,
      keys.length === 1 ? `"${keys[0]!}" waits for itself.` : `Tasks wait for each other in a circle: ${shown.join(' → ')}.`,
      { cycle: keys.slice(0, SHOWN_IN_CYCLE) },
    );
  }
}

const RANK: Readonly<Record<TaskType, number>> = { OBJECTIVE: 0, STORY: 1, TASK: 2, SUBTASK: 3 };

/** Levels may be left out; only subtasks nest in their own kind. */
export function mayContain(parent: TaskType, child: TaskType): boolean {
  return RANK[child] > RANK[parent] || (parent === 'SUBTASK' && child === 'SUBTASK');
}
