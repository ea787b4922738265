import { GeneratorError, type Diagnostic } from '../diagnostics/diagnostic.js';
import { MODULE_PATH, typescriptEmitter } from '../emitter/typescript/typescript-emitter.js';
import type { DefinitionHead } from '../reader/definitions/definition-head.js';
import { findDefinitions } from '../reader/definitions/find-definitions.js';
import { findDuplicates } from '../reader/definitions/find-duplicates.js';
import { headOptions } from '../reader/definitions/head-options.js';
import { readHead } from '../reader/definitions/read-head.js';
import { evaluateHeads } from '../reader/evaluation/evaluate-heads.js';
import type { SourceProject } from '../reader/source-project.js';
import type { TypeRule } from '../reader/types/type-rule.js';
import type { Catalog, CatalogEntry } from '../shape/catalog.js';
import type { CatalogMemory } from './catalog-memory.js';
import { catalogOf } from './catalog-of.js';
import type { CompletedOptions } from './options.js';
import { OpenEntry } from './open-entry.js';

export interface ReadCatalog {
  readonly catalog: Catalog;
  readonly warnings: readonly Diagnostic[];
  /** Where the entries of the catalog were found, by kind and name. */
  readonly heads: readonly DefinitionHead[];
}

/**
 * Reads everything there is to know of a project's agents and workflows.
 *
 * While that goes on, application code sees a generated module made of what is known so far: first of names alone, so that
 * it can be loaded and its types read whether or not a generated module is on disk, then of the schemas that were read.
 *
 * @param memory what is known from an earlier run; what is found out is added
 * @throws GeneratorError with every error found; later steps that depend on a failed one are left out
 */
export async function readCatalog(
  project: SourceProject,
  options: CompletedOptions,
  rules: readonly TypeRule[],
  memory: CatalogMemory,
): Promise<ReadCatalog> {
  const { heads, diagnostics } = readHeads(project);
  const showModule = (entries: readonly CatalogEntry[]): void =>
    project.overlay(`${options.outDir}/${MODULE_PATH}`, typescriptEmitter.emit(catalogOf(entries)).files[0]!.text);

  const open = heads.map((head) => new OpenEntry(head, rules, project.directory));
  showModule(open.map((entry) => entry.entry()));
  const unknown = heads.filter((head) => memory.recall(head) === null);
  const evaluations = await evaluateHeads(project, unknown, options.evaluationTimeoutMs);
  diagnostics.push(...evaluations.diagnostics);
  const evaluatedBy = new Map(open.map(({ head }) => [head, evaluations.byHead.get(head) ?? memory.recall(head)?.evaluated ?? null]));
  for (const entry of open) {
    const evaluated = evaluatedBy.get(entry.head)!;
    diagnostics.push(...entry.takeGiven(evaluated));
    entry.options = headOptions(entry.head, evaluated, diagnostics);
    const sides = memory.recall(entry.head)?.sides;
    if (sides) entry.takeDerived(sides);
  }
  const failed = new Set(evaluations.failed);
  diagnostics.push(
    ...deriveAll(
      open.filter(({ head, derivedSides }) => !failed.has(head) && derivedSides === null),
      project,
      () => showModule(open.map((entry) => entry.entry())),
    ),
  );

  if (diagnostics.some(({ severity }) => severity === 'error')) throw new GeneratorError(diagnostics);
  for (const { head, derivedSides } of open)
    memory.keep(head, { ...memory.recall(head), evaluated: evaluatedBy.get(head)!, sides: derivedSides });
  return { catalog: catalogOf(open.map((entry) => entry.entry())), warnings: diagnostics, heads };
}

function readHeads(project: SourceProject): { heads: DefinitionHead[]; diagnostics: Diagnostic[] } {
  const { definitions, diagnostics } = findDefinitions(project);
  const results = definitions.map((found) => readHead(found, () => project.program().getTypeChecker()));
  const heads = results.flatMap((result) => ('head' in result ? [result.head] : []));
  const problems = results.flatMap((result) => ('problem' in result ? [result.problem] : []));
  return { heads, diagnostics: [...diagnostics, ...problems, ...findDuplicates(heads)] };
}

/**
 * Derives what classes leave to their types. A type may depend on the generated module, and so on what another class is
 * derived to; rounds go on as long as each of them brings something new.
 */
function deriveAll(entries: readonly OpenEntry[], project: SourceProject, showModule: () => void): readonly Diagnostic[] {
  let waiting = entries.filter((entry) => entry.sidesToDerive().length > 0);
  for (;;) {
    if (waiting.length === 0) return [];
    showModule();
    const checker = project.program().getTypeChecker();
    const results = waiting.map((entry) => ({ entry, diagnostics: entry.derive(checker) }));
    const still = results.filter(({ diagnostics }) => diagnostics.length > 0);
    if (still.length === 0) return [];
    if (still.length === waiting.length) return still.flatMap(({ diagnostics }) => diagnostics);
    waiting = still.map(({ entry }) => entry);
  }
}
