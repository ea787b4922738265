import { diagnostic, type Diagnostic, type SourcePlace } from '../../diagnostics/diagnostic.js';
import type { PlanDrawing } from '../../shape/plan-graph.js';
import type { FoundDefinition } from '../definitions/found-definition.js';
import type { SourceProject } from '../source-project.js';
import { evaluateModules, type ModuleEvaluation } from './evaluate-modules.js';
import type { EvaluationProcesses } from './evaluation-processes.js';
import type { PlanRequest } from './evaluation-protocol.js';
import { buildLoadTable, packagesOf } from './load-table.js';

/** A workflow whose plan is to be run. */
export interface DrawableWorkflow {
  readonly name: string;
  readonly place: SourcePlace;
  readonly found: FoundDefinition;
  readonly request: PlanRequest;
}

export interface PlanDrawings {
  readonly byName: ReadonlyMap<string, PlanDrawing>;
  /** A plan that did not go through is a warning: everything else is known without it. */
  readonly warnings: readonly Diagnostic[];
}

/** Runs `plan` of each workflow in a process of its own. */
export async function drawPlans(
  project: SourceProject,
  processes: EvaluationProcesses,
  workflows: readonly DrawableWorkflow[],
  timeoutMs: number,
): Promise<PlanDrawings> {
  const byName = new Map<string, PlanDrawing>();
  if (workflows.length === 0) return { byName, warnings: [] };
  // It gets ready while the modules are compiled.
  processes.expect(packagesOf(workflows.map(({ found }) => found.file)));
  const bindings = new Map<string, string[]>();
  const plans = new Map<string, { [name: string]: PlanRequest }>();
  for (const { found, request } of workflows) {
    const file = found.file.fileName;
    bindings.set(file, [...(bindings.get(file) ?? []), found.binding]);
    plans.set(file, { ...plans.get(file), [found.binding]: request });
  }

  const loads = buildLoadTable(project, bindings);
  const evaluations = await evaluateModules(processes, { loads, bindings, plans, timeoutMs });
  const warnings: Diagnostic[] = [];
  for (const { name, place, found, request } of workflows) {
    const { tasks, reason } = outcomeOf(evaluations.get(found.file.fileName)!, found.binding);
    if (tasks) {
      byName.set(name, { kind: 'drawn', graph: { example: request.example, tasks } });
      continue;
    }
    byName.set(name, { kind: 'failed' });
    warnings.push(
      diagnostic('PLAN_NOT_DRAWN', `The plan of ${found.binding} could not be drawn: ${reason}`, { place, severity: 'warning' }),
    );
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
