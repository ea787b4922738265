import type { ts } from 'ts-morph';

import type { SourcePlace } from '../../diagnostics/diagnostic.js';
import type { FoundDefinition } from './found-definition.js';

/** An option's value, or the place that keeps it from being known before the module is loaded. */
export type HeadValue<Value> = { readonly known: true; readonly value: Value | null } | { readonly known: false; readonly node: ts.Node };

/** Whether a side has a schema of its own, and where that is written. */
export interface SideSource {
  readonly given: 'yes' | 'no' | 'unknown';
  /** Where to point when something is wrong with it. */
  readonly node: ts.Node;
}

/** The method that runs an agent, or lays out a workflow. */
export type MethodName = 'execute' | 'executeBatch' | 'plan';

/** What the sources say of a definition before any schema is read. */
export interface DefinitionHead {
  readonly found: FoundDefinition;
  readonly name: string;
  /** Where the name is written. */
  readonly place: SourcePlace;
  readonly description: HeadValue<string>;
  readonly version: HeadValue<string>;
  readonly capabilities: HeadValue<readonly string[]>;
  readonly input: SideSource;
  readonly output: SideSource;
  readonly publishes: SideSource;
  /** Messages run it, so that it has no schemas of its own. */
  readonly isSubscriber: boolean;
  readonly method: MethodName;
}
