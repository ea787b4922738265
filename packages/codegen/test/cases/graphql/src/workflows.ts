import type { Flow } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';

/** How much it matters. */
export type Level = 'low' | 'high';

/** A part of something, with parts of its own. */
export interface Part {
  name: string;
  parts?: Part[];
  level: Level;
}

export interface Everything {
  /** A "text" with `code`, */
  text: string;
  /** @minimum 0 @maximum 10 @integer */
  small: number;
  /** @integer */
  bytes: number;
  ratio: number | null;
  yes: boolean;
  when: Date;
  since?: string | 'yesterday';
  level: Level;
  dashed: 'one-two' | 'three';
  levels: (Level | null)[];
  matrix: number[][];
  holes: (number | null)[][];
  pair: [string, number];
  map: Record<string, number>;
  mixed: string | number;
  any?: unknown;
  tree: Part;
  nested: { inner?: { deep?: string }; list: { x: number }[] };
  odd: { 'a-b': string };
  constructed: { constructor: string };
  shape: { kind: 'circle'; radius: number } | { kind: 'square'; side: number };
  /** @deprecated */
  old: string;
  /** @deprecated */
  older?: string;
  empty: {};
}

@TaskAgent({ name: 'echo' })
export class Echo {
  execute(input: Everything): Everything {
    return input;
  }
}

@Workflow({ name: 'all-kinds', description: 'Every "kind" of `value`, */ too' })
export class AllKinds {
  plan(flow: Flow, input: Everything) {
    return flow.add('echo', input as never).out as never as Everything;
  }
}

@Workflow({ name: 'just-text' })
export class JustText {
  plan(flow: Flow, input: string): void {
    flow.add('echo', input as never);
  }
}

@Workflow({ name: 'nothing' })
export class Nothing {
  plan(flow: Flow) {
    return flow.add('echo', {} as never).out as never as number[];
  }
}

@Workflow({ name: 'many' })
export class Many {
  plan(flow: Flow, input: { name?: string }[]): void {
    flow.add('echo', input as never);
  }
}

@Workflow({ name: 'delete' })
export class Delete {
  plan(flow: Flow, input: Part) {
    return flow.add('echo', input as never).out as never as Part | null;
  }
}
