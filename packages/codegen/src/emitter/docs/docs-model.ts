/* What the documentation says, before it is Markdown or HTML. Text is plain: each writer escapes it its own way. */
import type { PlanDrawing } from '../../shape/plan-graph.js';

/** A piece of a type: code, and the definition on the same page that it names. */
export interface TypePart {
  readonly text: string;
  readonly definition?: string;
}

/** One property. */
export interface DocRow {
  /** The way there from the top of its table: `files[].path`. */
  readonly path: string;
  readonly type: readonly TypePart[];
  readonly isRequired: boolean;
  /** The variants of a union that have it, by the property that tells variants apart; `null` when all have it. */
  readonly only: { readonly property: string; readonly values: readonly string[] } | null;
  readonly isDeprecated: boolean;
  /** Its description in words, line by line. */
  readonly description: readonly string[];
  /** Rules a value must keep, each as one short sentence: `at least 1`. */
  readonly rules: readonly string[];
  /** JSON texts. */
  readonly defaultValue: string | null;
  readonly examples: readonly string[];
}

/** A value with its properties: a side itself, or a definition it refers to. */
export interface DocTable {
  /** The definition; `null` for the side itself. */
  readonly definition: string | null;
  readonly description: readonly string[];
  readonly type: readonly TypePart[];
  readonly rules: readonly string[];
  readonly rows: readonly DocRow[];
}

export interface DocSide {
  readonly side: 'input' | 'output' | 'payload';
  readonly tables: readonly DocTable[];
  /** An example's JSON text over several lines; it fits the schema. `null` where none could be made. */
  readonly example: string | null;
}

/** One agent, workflow or topic. */
export interface DocPage {
  readonly kind: DocKind;
  readonly name: string;
  /** Its file's name without ending, and its anchor. */
  readonly stem: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  /** Where it is written, and in which version; topics have neither. */
  readonly origin: { readonly version: string; readonly className: string; readonly source: string } | null;
  readonly capabilities: readonly string[];
  /** What goes in and comes out, in the order to be read. A workflow whose jobs have no output has one. */
  readonly sides: readonly DocSide[];
  /** What it has to do with others. */
  readonly relations: readonly DocRelation[];
  /** Workflows only. */
  readonly plan: PlanDrawing | null;
}

export type DocKind = 'agent' | 'workflow' | 'topic';

/** Others that a page names, each with a page of its own. */
export interface DocRelation {
  readonly label: 'used by' | 'subscribes' | 'publishes' | 'published by' | 'subscribed by';
  readonly kind: DocKind;
  readonly names: readonly string[];
}

export interface DocBook {
  readonly agents: readonly DocPage[];
  readonly workflows: readonly DocPage[];
  readonly topics: readonly DocPage[];
}
