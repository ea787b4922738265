import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { DefinitionHead } from '../definitions/definition-head.js';
import { needsEvaluation } from '../definitions/head-options.js';
import { placeOf } from '../source-place.js';
import type { SourceProject } from '../source-project.js';
import { evaluateModules, type ModuleEvaluation } from './evaluate-modules.js';
import type { EvaluationProcesses } from './evaluation-processes.js';
import type { EvaluatedBinding } from './evaluation-protocol.js';
import { buildLoadTable, packagesOf } from './load-table.js';

export interface HeadEvaluations {
  readonly byHead: ReadonlyMap<DefinitionHead, EvaluatedBinding>;
  /** Those whose module could not be loaded. */
  readonly failed: readonly DefinitionHead[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the modules of those definitions that cannot be read from the sources alone. */
export async function evaluateHeads(
  project: SourceProject,
  processes: EvaluationProcesses,
  heads: readonly DefinitionHead[],
  timeoutMs: number,
): Promise<HeadEvaluations> {
  const open = heads.filter(needsEvaluation);
  if (open.length === 0) return { byHead: new Map(), failed: [], diagnostics: [] };
  // It gets ready while the modules are compiled.
  processes.expect(packagesOf(open.map(({ found }) => found.file)));
  const bindings = new Map<string, string[]>();
  for (const { found } of open) bindings.set(found.file.fileName, [...(bindings.get(found.file.fileName) ?? []), found.binding]);
  const evaluations = await evaluateModules(processes, { loads: buildLoadTable(project, bindings), bindings, timeoutMs });

  const byHead = new Map<DefinitionHead, EvaluatedBinding>();
  const failed: DefinitionHead[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const head of open) {
    const evaluation = evaluations.get(head.found.file.fileName)!;
    const binding = evaluation.kind === 'loaded' ? evaluation.bindings[head.found.binding] : null;
    if (binding) byHead.set(head, binding);
    else {
      failed.push(head);
      diagnostics.push(problemOf(head, evaluation));
    }
  }
  return { byHead, failed, diagnostics };
}

function problemOf(head: DefinitionHead, evaluation: ModuleEvaluation): Diagnostic {
  const { binding } = head.found;
  const side = head.input.given === 'no' ? head.output : head.input;
  const place = placeOf(side.node);
  if (evaluation.kind === 'timed-out')
    return diagnostic('EVALUATION_TIMEOUT', `The module of ${binding} had not loaded after ${evaluation.afterMs} ms.`, { place });
  const reason = evaluation.kind === 'failed' ? evaluation.reason : `${binding} was not decorated when the module had loaded`;
  return diagnostic('EVALUATION_FAILED', `The module of ${binding} could not be loaded to read its schemas: ${reason}`, { place });
}
