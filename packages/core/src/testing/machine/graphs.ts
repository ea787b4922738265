/* Random graphs for the machine: shapes people build, with hierarchy, modes, strategies, conditions, reviews and recovery. */
import * as fc from 'fast-check';

import type { Condition, DependencyMode, FailureStrategy, Recovery, ReviewPolicy, TaskSpec } from '../../model/task.js';
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
  /** Most are neither reviewed nor stood in for. */
  readonly trait: number;
}

/** When the clock of a test begins. */
export const START = 1_000_000;

const taskDraw: fc.Arbitrary<TaskDraw> = fc.record({
  a: fc.nat(999),
  b: fc.nat(999),
  mode: fc.constantFrom<DependencyMode>('completed', 'completed', 'completed', 'settled', 'failed'),
  strategy: fc.constantFrom<FailureStrategy>('skip', 'skip', 'skip', 'continue', 'continue', 'abort', 'ask'),
  hasAgent: fc.boolean(),
  condition: fc.nat(9),
  time: fc.nat(39),
  trait: fc.nat(19),
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
  recovery: Recovery | null;
  standsInFor: number | null;
}

export function layOut(shape: Shape, objective: TaskDraw, draws: readonly TaskDraw[]): TaskSpec[] {
  const drafts: Draft[] = [newDraft(null)];
  draws.forEach((draw, index) => {
    const no = index + 1;
    const draft = newDraft(parentFor(shape, no, draw));
    drafts.push(draft);
    for (const on of sourcesFor(shape, no, draw)) connect(drafts, no, on, draw.mode);
    const edge = draft.dependencies[0];
    if (edge && draw.condition < 3)
      draft.condition = { task: edge.on, path: draw.condition === 0 ? '' : '/ok', ...(draw.condition === 2 ? { or: true } : undefined) };
  });
  draws.forEach((draw, index) => recover(drafts, index + 1, draw));
  const hasChildren = new Set(drafts.map(({ parent }) => parent));
  return drafts.map(({ standsInFor: _standsInFor, ...draft }, no) => {
    const draw = no === 0 ? objective : draws[no - 1]!;
    // What stands for its children has no agent; half of the parents have one all the same.
    const agent = no === 0 || hasChildren.has(no) ? (draw.hasAgent ? `agent-${draw.b % 3}` : null) : `agent-${draw.b % 3}`;
    return plainSpec(no, {
      ...draft,
      key: `t${no}`,
      type: no === 0 ? 'OBJECTIVE' : draft.parent === 0 ? 'TASK' : 'SUBTASK',
      agent,
      strategy: draw.strategy,
      review: agent === null ? null : reviewFor(draw),
      priority: 1 + (draw.a % 10),
      runAt: draw.time < 3 ? START + 3 * draw.a : null,
      deadline: draw.time === 2 || draw.time === 3 ? START + 1_000 + 10 * draw.b : null,
    });
  });
}

function newDraft(parent: number | null): Draft {
  return { parent, dependencies: [], condition: null, recovery: null, standsInFor: null };
}

function reviewFor({ trait, b }: TaskDraw): ReviewPolicy | null {
  const maxRejections = b % 3;
  if (trait < 2) return { by: 'manual', maxRejections };
  if (trait < 4) return { by: 'agent', agent: `agent-${b % 3}`, maxRejections };
  return trait === 4 ? { by: 'predicate', maxRejections } : null;
}

/** Lets a value or another task stand in for this one, should it fail; the other one waits for the failure. */
function recover(drafts: Draft[], no: number, { trait, a, b }: TaskDraw): void {
  // Reviewed tasks are stood in for as well: 3 is among those of `reviewFor`.
  if (trait === 5) drafts[no]!.recovery = { kind: 'use-value', value: { ok: b % 2 === 0 } };
  if (trait !== 3 && trait !== 6 && trait !== 7) return;
  const to = 1 + (a % (drafts.length - 1));
  const stand = drafts[to]!;
  if (to === no || stand.standsInFor !== null || isBelow(drafts, to, no) || isBelow(drafts, no, to)) return;
  const before = [...stand.dependencies];
  const others = before.filter(({ on }) => on !== no);
  stand.dependencies.splice(0, before.length, ...others, { on: no, mode: 'failed' });
  stand.standsInFor = no;
  if (waitsInCircle(drafts)) {
    stand.dependencies.splice(0, stand.dependencies.length, ...before);
    stand.standsInFor = null;
    return;
  }
  if (stand.condition?.task === no) stand.condition = null;
  drafts[no]!.recovery = { kind: 'route-to', task: to };
}

function isBelow(drafts: readonly Draft[], no: number, above: number): boolean {
  const { parent } = drafts[no]!;
  return parent !== null && (parent === above || isBelow(drafts, parent, above));
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
