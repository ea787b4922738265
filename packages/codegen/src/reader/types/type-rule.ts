import type { ts } from 'ts-morph';

import type { DiagnosticCode } from '../../diagnostics/diagnostic-codes.js';
import type { Shape } from '../../shape/shape.js';
import type { TypePlace } from './type-place.js';

/** Which way values travel: into an agent or workflow, or out of it. */
export type Direction = 'input' | 'output';

/** What a rule can ask of the walk it is part of. */
export interface TypeWalk {
  readonly checker: ts.TypeChecker;
  readonly direction: Direction;
  /** Reads a type that is part of the one at hand. */
  read(type: ts.Type, place: TypePlace): Shape;
  /** Gives a type a name of its own; `read` is called once, the first time the type is met. */
  define(type: ts.Type, name: string, read: () => Shape): Shape;
  /** Reports that a type has no JSON meaning. The shape it gives only keeps the walk going; nothing is generated from it. */
  refuse(code: DiagnosticCode, message: string, place: TypePlace, remedy?: string): Shape;
  /** Runs a check when every definition is read. */
  later(check: (definitions: ReadonlyMap<string, Shape>) => void): void;
  /** Reports a smaller thing that is wrong, and goes on. */
  complain(code: DiagnosticCode, message: string, node: ts.Node): void;
}

/**
 * One kind of type and how it is read: the shape, or `null` when the type is not of that kind. Rules are asked in order;
 * those of plugins come first.
 */
export interface TypeRule {
  readonly name: string;
  read(type: ts.Type, place: TypePlace, walk: TypeWalk): Shape | null;
}
