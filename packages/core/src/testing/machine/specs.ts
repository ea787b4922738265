import type { Json } from '../../kernel/json.js';
import {
  PLAIN_TASK,
  type DependencyMode,
  type FailureStrategy,
  type Recovery,
  type ReviewPolicy,
  type TaskOrigin,
  type TaskSpec,
} from '../../model/task.js';

/** A task of a test job in few words; what is left out has the plainest value. */
export interface TaskSketch {
  readonly key: string;
  /** Key of the task above; absent: the objective. */
  readonly parent?: string;
  /** `null`: it stands for its children. Default: its key. */
  readonly agent?: string | null;
  readonly after?: readonly (string | readonly [key: string, mode: DependencyMode])[];
  /** The task runs only when `path` of that task's output is truthy; an edge is added where `after` has none. */
  readonly when?: { readonly task: string; readonly path?: string; readonly or?: Json };
  /** Default `abort`. */
  readonly strategy?: FailureStrategy;
  readonly priority?: number;
  readonly review?: ReviewPolicy;
  /** Stands in for its output, should it fail. */
  readonly useValue?: Json;
  /** Key of the task that runs in its stead, should it fail. */
  readonly routeTo?: string;
  readonly deadline?: number;
}

export interface ObjectiveSketch {
  readonly agent?: string | null;
  readonly strategy?: FailureStrategy;
}

/** A spec with every field at its plainest. */
export function plainSpec(no: number, fields: Partial<TaskSpec> = {}): TaskSpec {
  return {
    ...PLAIN_TASK,
    no,
    key: `t${no}`,
    type: no === 0 ? 'OBJECTIVE' : 'TASK',
    parent: no === 0 ? null : 0,
    agent: no === 0 ? null : 'work',
    name: fields.key ?? `t${no}`,
    priority: 5,
    strategy: 'abort',
    input: { value: null, refs: [] },
    origin: 'plan' satisfies TaskOrigin,
    ...fields,
  };
}

/** Specs for sketches, numbered in their order behind the objective (number 0, key `objective`). */
export function specsOf(sketches: readonly TaskSketch[], objective: ObjectiveSketch = {}): TaskSpec[] {
  const numbers = new Map([['objective', 0], ...sketches.map(({ key }, index) => [key, index + 1] as const)]);
  const numberOf = (key: string): number => {
    const no = numbers.get(key);
    if (no === undefined) throw new Error(`no task ${key} in this sketch`);
    return no;
  };
  const root = plainSpec(0, { key: 'objective', agent: objective.agent ?? null, strategy: objective.strategy ?? 'abort' });
  const fallbackOf = new Map(sketches.flatMap(({ key, routeTo }) => (routeTo === undefined ? [] : [[routeTo, key] as const])));
  return [
    root,
    ...sketches.map((sketch, index) => {
      const after = (sketch.after ?? []).map((entry): readonly [string, DependencyMode] =>
        typeof entry === 'string' ? [entry, 'completed'] : entry,
      );
      if (sketch.when && !after.some(([key]) => key === sketch.when!.task)) after.push([sketch.when.task, 'completed']);
      const failed = fallbackOf.get(sketch.key);
      if (failed !== undefined) after.push([failed, 'failed']);
      return plainSpec(index + 1, {
        key: sketch.key,
        name: sketch.key,
        parent: numberOf(sketch.parent ?? 'objective'),
        agent: sketch.agent === undefined ? sketch.key : sketch.agent,
        strategy: sketch.strategy ?? 'abort',
        priority: sketch.priority ?? 5,
        review: sketch.review ?? null,
        recovery: recoveryOf(sketch, numberOf),
        deadline: sketch.deadline ?? null,
        dependencies: after.map(([key, mode]) => ({ on: numberOf(key), mode })),
        condition: sketch.when
          ? {
              task: numberOf(sketch.when.task),
              path: sketch.when.path ?? '',
              ...(sketch.when.or === undefined ? undefined : { or: sketch.when.or }),
            }
          : null,
      });
    }),
  ];
}

function recoveryOf({ useValue, routeTo }: TaskSketch, numberOf: (key: string) => number): Recovery | null {
  if (useValue !== undefined) return { kind: 'use-value', value: useValue };
  return routeTo === undefined ? null : { kind: 'route-to', task: numberOf(routeTo) };
}
