/*
 * What the generator and its evaluation process say to each other. The process loads modules and reports; it knows
 * nothing of TypeScript.
 */
import type { Json, JsonObject } from '@taskloom/core';

import type { PlannedTask } from '../../shape/plan-graph.js';

/** The exit code of a process whose module awaits what nothing will ever bring; Node has the same. */
export const NEVER_SETTLED = 13;

/** What the process is told: first what to get ready for, then what to do, once. */
export type EvaluationOrder =
  | { readonly type: 'prepare'; readonly url: string; readonly source: string }
  | { readonly type: 'evaluate'; readonly plan: EvaluationPlan };

/** Everything the process needs to load modules. */
export interface EvaluationPlan {
  readonly loads: LoadTable;
  /** In this order, one after the other. */
  readonly modules: readonly {
    readonly url: string;
    readonly bindings: readonly string[];
    /** Workflows whose plans are to be run, by name of the binding. */
    readonly plans?: { readonly [name: string]: PlanRequest };
  }[];
}

/** What a workflow's `plan` is run with. */
export interface PlanRequest {
  readonly example: Json;
  /** The input's JSON Schema with marks, where it follows from types. Absent: the class gives a schema. */
  readonly derivedInput?: JsonObject;
}

/** What running `plan` came to. */
export type PlanOutcome = { readonly tasks: readonly PlannedTask[] } | { readonly reason: string };

/** How modules are found and what they hold, where Node would not know. Keys are URLs. */
export interface LoadTable {
  /** By importing module, then by what it imports. */
  readonly resolutions: { readonly [url: string]: { readonly [specifier: string]: string } };
  readonly sources: { readonly [url: string]: { readonly format: 'module' | 'commonjs'; readonly source: string } };
}

/** One side of a definition: its JSON Schema, or why there is none. */
export type EvaluatedSide =
  | { readonly kind: 'schema'; readonly schema: JsonObject }
  | { readonly kind: 'not-standard' }
  | { readonly kind: 'not-json'; readonly reason: string };

/** A topic, as it was made by `defineTopic`. */
export interface EvaluatedTopic {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of what publishers give. */
  readonly payload: JsonObject;
}

/** What the options of one definition came to. */
export interface EvaluatedBinding {
  readonly description: string | null;
  readonly version: string | null;
  readonly capabilities: readonly string[] | null;
  /** `null` where the options give no schema. */
  readonly input: EvaluatedSide | null;
  readonly output: EvaluatedSide | null;
  /** `null` where something else than topics is listed. */
  readonly subscribes: readonly EvaluatedTopic[] | null;
  readonly publishes: readonly EvaluatedTopic[] | null;
  readonly plan?: PlanOutcome;
}

export type EvaluationMessage =
  | { readonly type: 'prepared' }
  | { readonly type: 'loading'; readonly url: string }
  | { readonly type: 'loaded'; readonly url: string; readonly bindings: { readonly [name: string]: EvaluatedBinding | null } }
  | { readonly type: 'failed'; readonly url: string; readonly reason: string };
