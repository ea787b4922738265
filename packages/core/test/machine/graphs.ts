/* Random graphs for the machine: shapes people build, with hierarchy, modes, strategies and conditions. */
import * as fc from 'fast-check';

import type { Condition, DependencyMode, FailureStrategy, TaskSpec } from '../../src/model/task.js';
import { plainSpec } from './specs.js';
import { waitsInCircle } from './waiting.js';

export const SHAPES = ['chain', 'star', 'fan-in', 'diamond', 'layered', 'stories', 'nested', 'loose'] as const;
export type Shape = (typeof SHAPES)[number];

interface TaskDraw {
  readonly a: number;
  readonly b: number;
  readonly mode: DependencyMode;
  readonly strategy: FailureStrategy;
  readonly hasAgent: boolean;
  readonly condition: number;
  /** Most tasks have neither a start time nor a deadline. */
  readonly time: number;
}

/** When the clock of a test begins. */
export const START = 1_000_000;

const taskDraw: fc.Arbitrary<TaskDraw> = fc.record({
  a: fc.nat(999),
  b: fc.nat(999),
  mode: fc.constantFrom<DependencyMode>('completed', 'completed', 'completed', 'settled', 'failed'),
  strategy: fc.constantFrom<FailureStrategy>('skip', 'skip', 'continue', 'abort'),
  hasAgent: fc.boolean(),
  condition: fc.nat(9),
  time: fc.nat(39),
});

/** A checked graph: what `buildGraph` gives, without its help. Task 0 is the objective. */
export const graphs: fc.Arbitrary<TaskSpec[]> = fc
  .record({
    shape: fc.constantFrom(...SHAPES),
    objective: taskDraw,
    draws: fc.array(taskDraw, { maxLength: 11, size: 'max' }),
  })
  .map(({ shape, objective, draws }) => layOut(shape, objective, draws));

interface Draft {
  parent: number | null;
  readonly dependencies: { readonly on: number; readonly mode: DependencyMode }[];
  condition: Condition | null;
}

export function layOut(shape: Shape, objective: TaskDraw, draws: readonly TaskDraw[]): TaskSpec[] {
  const drafts: Draft[] = [{ parent: null, dependencies: [], condition: null }];
  draws.forEach((draw, index) => {
    const no = index + 1;
    const draft: Draft = { parent: parentFor(shape, no, draw), dependencies: [], condition: null };
    drafts.push(draft);
    for (const on of sourcesFor(shape, no, draw)) connect(drafts, no, on, draw.mode);
    const edge = draft.dependencies[0];
    if (edge && draw.condition < 3)
      draft.condition = { task: edge.on, path: draw.condition === 0 ? '' : '/ok', ...(draw.condition === 2 ? { or: true } : undefined) };
  });
  const hasChildren = new Set(drafts.map(({ parent }) => parent));
  return drafts.map((draft, no) => {
    const draw = no === 0 ? objective : draws[no - 1]!;
    // What stands for its children has no agent; half of the parents have one all the same.
    const agent = no === 0 || hasChildren.has(no) ? (draw.hasAgent ? `agent-${draw.b % 3}` : null) : `agent-${draw.b % 3}`;
    return plainSpec(no, {
      ...draft,
      key: `t${no}`,
      type: no === 0 ? 'OBJECTIVE' : draft.parent === 0 ? 'TASK' : 'SUBTASK',
      agent,
      strategy: draw.strategy,
      priority: 1 + (draw.a % 10),
      runAt: draw.time < 3 ? START + 3 * draw.a : null,
      deadline: draw.time === 2 || draw.time === 3 ? START + 1_000 + 10 * draw.b : null,
    });
  });
}

/** Adds an edge unless it makes tasks wait for each other in a circle. */
function connect(drafts: Draft[], no: number, on: number, mode: DependencyMode): void {
  const { dependencies } = drafts[no]!;
  if (on <= 0 || on === no || dependencies.some((edge) => edge.on === on)) return;
  dependencies.push({ on, mode });
  if (waitsInCircle(drafts)) dependencies.pop();
}

function parentFor(shape: Shape, no: number, { a }: TaskDraw): number {
  if (shape === 'stories') return no <= 2 ? 0 : 1 + (a % 2);
  if (shape === 'nested') return a % no;
  if (shape === 'loose') return a % 3 === 0 ? a % no : 0;
  return 0;
}

function sourcesFor(shape: Shape, no: number, { a, b }: TaskDraw): number[] {
  switch (shape) {
    case 'chain':
      return [no - 1];
    case 'star':
      return [1];
    case 'fan-in':
      return no % 4 === 0 ? [no - 1, no - 2, no - 3] : [];
    case 'diamond':
      return no % 3 === 1 ? [no - 1, no - 2] : [no - (no % 3 === 2 ? 1 : 2)];
    case 'layered':
      return no <= 3 ? [] : [Math.floor((no - 1) / 3) * 3 - (a % 3), Math.floor((no - 1) / 3) * 3 - (b % 3)];
    case 'stories':
    case 'nested':
      return a % 2 === 0 ? [b % no] : [];
    case 'loose':
      return [a % no, b % no];
  }
}
