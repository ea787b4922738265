import type { SourcePlace } from '../diagnostics/diagnostic.js';
import type { PlanDrawing } from './plan-graph.js';
import type { SchemaDocument } from './schema-document.js';

interface EntryBase {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly className: string;
  /** The file it is written in, from the project's folder. */
  readonly source: string;
  /** Where the name is written. */
  readonly place: SourcePlace;
}

/** An agent as emitters see it. */
export interface AgentEntry extends EntryBase {
  readonly kind: 'agent';
  readonly capabilities: readonly string[];
  /** Names of topics whose messages run it; none for an agent that tasks name. */
  readonly subscribes: readonly string[];
  /** Names of topics that it may publish on. */
  readonly publishes: readonly string[];
  readonly input: SchemaDocument;
  readonly output: SchemaDocument;
}

/** A workflow as emitters see it. */
export interface WorkflowEntry extends EntryBase {
  readonly kind: 'workflow';
  readonly input: SchemaDocument;
  /** `null` when its jobs have no output of their own. */
  readonly output: SchemaDocument | null;
  /** What its `plan` lays out; absent when no plugin asked for it. */
  readonly plan?: PlanDrawing;
}

export type CatalogEntry = AgentEntry | WorkflowEntry;

/** A topic that an agent publishes on or subscribes. */
export interface TopicEntry {
  readonly kind: 'topic';
  readonly name: string;
  readonly description: string;
  /** What publishers give. */
  readonly payload: SchemaDocument;
  /** Where an agent names it. */
  readonly place: SourcePlace;
}

/** Everything the readers found, by name in byte order: what emitters work from. */
export interface Catalog {
  readonly agents: readonly AgentEntry[];
  readonly workflows: readonly WorkflowEntry[];
  readonly topics: readonly TopicEntry[];
}
