import { inMessage } from '../kernel/in-message.js';
import type { TaskSubmission } from '../model/submission.js';
import { DEPENDENCY_MODES, type Condition, type Dependency, type DependencyMode } from '../model/task.js';
import { show, type GraphProblems } from './graph-problems.js';
import type { TaskTable } from './task-table.js';

const NO_DEPENDENCIES: readonly Dependency[] = [];
const FEW = 8;

interface DeclaredDependency {
  readonly on: number;
  readonly mode: DependencyMode | null;
}

/** What tasks wait for: what they name themselves, and what their refs and conditions need. */
export class Edges {
  constructor(
    private readonly table: TaskTable,
    private readonly problems: GraphProblems,
  ) {}

  dependencies(
    task: TaskSubmission,
    no: number,
    refs: readonly { readonly task: number }[],
    condition: Condition | null,
  ): readonly Dependency[] {
    if (refs.length === 0 && condition === null && task.dependsOn === undefined) return NO_DEPENDENCIES;
    const declared = this.declaredDependencies(task);
    if (refs.length === 0 && condition === null && areFewAndDifferent(declared))
      return declared.map(({ on, mode }) => ({ on, mode: mode ?? this.defaultMode(on) }));
    const modes = new Map<number, DependencyMode>();
    for (const { on, mode: said } of declared) {
      const mode = said ?? this.defaultMode(on);
      const before = modes.get(on);
      if (before !== undefined && before !== mode) this.refuseTwoModes(task.key, on, before, mode);
      modes.set(on, mode);
    }
    for (const { task: on } of refs) {
      // A ref downwards needs no edge: a parent's agent runs after its children anyway.
      if (on < 0 || modes.has(on) || this.table.isBelow(on, no)) continue;
      modes.set(on, this.modeDeclaredAround(on, no, declared) ?? this.defaultMode(on));
    }
    // Whether to start cannot hang on what is below: that edge is made, and refused as a cycle.
    if (condition && condition.task >= 0 && !modes.has(condition.task))
      modes.set(condition.task, this.modeDeclaredAround(condition.task, no, declared) ?? this.defaultMode(condition.task));
    return [...modes].map(([on, mode]) => ({ on, mode }));
  }

  private refuseTwoModes(key: string, on: number, ...modes: readonly DependencyMode[]): void {
    const source = show(this.table.tasks[on]!.key);
    this.problems.report('GRAPH_INVALID', key, `"${show(key)}" depends on "${source}" twice, as ${modes.join(' and as ')}; say it once.`);
  }

  private declaredDependencies(task: TaskSubmission): DeclaredDependency[] {
    const declared = (task.dependsOn ?? []).map((entry): DeclaredDependency => {
      const key = typeof entry === 'string' ? entry : entry.task;
      const said = typeof entry === 'string' ? undefined : entry.mode;
      const mode = knownMode(said);
      if (mode === null && said !== undefined && said !== null)
        this.problems.report(
          'GRAPH_INVALID',
          task.key,
          `\`mode\` of a dependency of "${show(task.key)}" is ${inMessage(said)}; it must be one of ${DEPENDENCY_MODES.join(', ')}.`,
        );
      return { on: this.table.numberOf(key, task.key, 'depends on'), mode };
    });
    return declared.every(isKnown) ? declared : declared.filter(isKnown);
  }

  /**
   * The mode said for a task, or for a story around it, by the task that refers to it or by a story around that one: a mode
   * said of a story also holds for refs to the tasks inside it, and one said by a story for the refs of its tasks.
   */
  private modeDeclaredAround(on: number, no: number, declared: readonly DeclaredDependency[]): DependencyMode | null {
    const targets = new Set([on, ...this.table.above(on)]);
    const own = declared.find((entry) => targets.has(entry.on));
    if (own) return own.mode;
    for (const ancestor of this.table.above(no)) {
      if (targets.has(ancestor)) break;
      const found = this.declaredBy(ancestor).find((entry) => targets.has(entry.on));
      if (found) return found.mode;
    }
    return null;
  }

  /** The dependencies that a story declares; problems with them are reported when the story itself is read. */
  private declaredBy(no: number): readonly DeclaredDependency[] {
    return (this.table.tasks[no]!.dependsOn ?? []).flatMap((entry) => {
      const { task, mode } = typeof entry === 'string' ? { task: entry } : entry;
      const on = this.table.find(task);
      return on === undefined ? [] : [{ on, mode: knownMode(mode) }];
    });
  }

  /** The strategy `continue` compiles to edges: whatever the source's end, its dependents go on. */
  private defaultMode(on: number): DependencyMode {
    return this.table.strategies[on] === 'continue' ? 'settled' : 'completed';
  }
}

/** What is no mode is reported, and counts as none said. */
function knownMode(said: DependencyMode | null | undefined): DependencyMode | null {
  return said && DEPENDENCY_MODES.includes(said) ? said : null;
}

function isKnown({ on }: DeclaredDependency): boolean {
  return on >= 0;
}

/** Whether looking through them is quicker than a map, and finds none twice. */
function areFewAndDifferent(declared: readonly DeclaredDependency[]): boolean {
  if (declared.length > FEW) return false;
  for (let index = 1; index < declared.length; index += 1)
    for (let before = 0; before < index; before += 1) if (declared[before]!.on === declared[index]!.on) return false;
  return true;
}
