import type { ts } from 'ts-morph';

import type { MakerName } from './identity.js';

interface FoundBase {
  readonly kind: 'agent' | 'workflow';
  readonly maker: MakerName;
  /** The name of the class, or of the constant that holds the definition. */
  readonly binding: string;
  /** What stands in the brackets of the decorator or of the function; absent when there is nothing. */
  readonly options: ts.Expression | null;
  readonly file: ts.SourceFile;
}

/** A class that carries a decorator. */
export interface FoundClass extends FoundBase {
  readonly form: 'class';
  readonly node: ts.ClassDeclaration;
}

/** A constant made by `defineAgent` or `defineWorkflow`. */
export interface FoundConstant extends FoundBase {
  readonly form: 'constant';
  readonly node: ts.VariableDeclaration;
}

/** An agent or workflow in the sources, not yet read. */
export type FoundDefinition = FoundClass | FoundConstant;
