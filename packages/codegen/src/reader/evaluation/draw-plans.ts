import type { JsonObject } from '@taskloom/core';

import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { WorkflowEntry } from '../../shape/catalog.js';
import type { PlanDrawing } from '../../shape/plan-graph.js';
import { declaredExample } from '../../shape/sample.js';
import type { FoundDefinition } from '../definitions/found-definition.js';
import type { SourceProject } from '../source-project.js';
import { evaluateModules, type ModuleEvaluation } from './evaluate-modules.js';
import type { PlanRequest } from './evaluation-protocol.js';
import { buildLoadTable } from './load-table.js';

/** A workflow that is known, and where it was found. */
export interface DrawableWorkflow {
  readonly entry: WorkflowEntry;
  readonly found: FoundDefinition;
}

export interface PlanDrawings {
  readonly byName: ReadonlyMap<string, PlanDrawing>;
  /** A plan that did not go through is a warning: everything else is known without it. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Runs `plan` of each workflow whose input has an example, in a process of its own.
 *
 * @param markedInput the JSON Schema, with marks, of an input that follows from types
 */
export async function drawPlans(
  project: SourceProject,
  workflows: readonly DrawableWorkflow[],
  markedInput: (entry: WorkflowEntry) => JsonObject,
  timeoutMs: number,
): Promise<PlanDrawings> {
  const byName = new Map<string, PlanDrawing>();
  const bindings = new Map<string, string[]>();
  const plans = new Map<string, { [name: string]: PlanRequest }>();
  const drawable = workflows.filter(({ entry, found }) => {
    const example = declaredExample(entry.input);
    if (example === undefined) {
      byName.set(entry.name, { kind: 'no-example' });
      return false;
    }
    const file = found.file.fileName;
    bindings.set(file, [...(bindings.get(file) ?? []), found.binding]);
    const request: PlanRequest = { example, ...(entry.input.given ? undefined : { derivedInput: markedInput(entry) }) };
    plans.set(file, { ...plans.get(file), [found.binding]: request });
    return true;
  });
  if (drawable.length === 0) return { byName, warnings: [] };

  const loads = buildLoadTable(project, bindings);
  const evaluations = await evaluateModules({ loads, bindings, plans, directory: project.directory, timeoutMs });
  const warnings: Diagnostic[] = [];
  for (const { entry, found } of drawable) {
    const file = found.file.fileName;
    const { tasks, reason } = outcomeOf(evaluations.get(file)!, found.binding);
    if (tasks) {
      byName.set(entry.name, { kind: 'drawn', graph: { example: plans.get(file)![found.binding]!.example, tasks } });
      continue;
    }
    byName.set(entry.name, { kind: 'failed' });
    const message = `The plan of ${found.binding} could not be drawn: ${reason}`;
    warnings.push(diagnostic('PLAN_NOT_DRAWN', message, { place: entry.place, severity: 'warning' }));
  }
  return { byName, warnings };
}

type Outcome =
  | { readonly tasks: Extract<PlanDrawing, { kind: 'drawn' }>['graph']['tasks']; readonly reason?: never }
  | { readonly tasks?: never; readonly reason: string };

function outcomeOf(evaluation: ModuleEvaluation, binding: string): Outcome {
  if (evaluation.kind === 'timed-out') return { reason: `it had not come to an end after ${evaluation.afterMs} ms` };
  if (evaluation.kind === 'failed') return { reason: evaluation.reason };
  return evaluation.bindings[binding]?.plan ?? { reason: `${binding} was not decorated when its module had loaded` };
}
