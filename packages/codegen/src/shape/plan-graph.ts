import type { Json } from '@taskloom/core';

/** What one task waits for. `mode` is a dependency mode of the engine, or `when` for a condition. */
export interface PlannedDependency {
  /** Key of the other task. */
  readonly on: string;
  readonly mode: string;
}

/** One task, or one story, that a workflow lays out. */
export interface PlannedTask {
  readonly key: string;
  /** How people call it: its name, else its key. */
  readonly name: string;
  readonly kind: 'story' | 'task';
  readonly agent: string | null;
  /** Key of the story it stands in. */
  readonly parent: string | null;
  /** Whether it stands for one task for each item of a list. */
  readonly isEach: boolean;
  /** In the order they were given, once for each task and mode. */
  readonly dependencies: readonly PlannedDependency[];
}

/** The graph that a workflow's `plan` laid out for its example input, in the order of the plan. */
export interface PlanGraph {
  readonly example: Json;
  readonly tasks: readonly PlannedTask[];
}

/** A workflow's graph, or why there is none. */
export type PlanDrawing =
  | { readonly kind: 'drawn'; readonly graph: PlanGraph }
  /** The input has no example. */
  | { readonly kind: 'no-example' }
  /** `plan` did not go through; a warning says why. */
  | { readonly kind: 'failed' };
