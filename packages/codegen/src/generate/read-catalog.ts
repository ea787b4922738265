import { GeneratorError, type Diagnostic } from '../diagnostics/diagnostic.js';
import { standInFiles } from '../emitter/typescript/stand-in.js';
import type { DefinitionHead } from '../reader/definitions/definition-head.js';
import { fileHeads } from '../reader/definitions/file-heads.js';
import { findDuplicates } from '../reader/definitions/find-duplicates.js';
import { headOptions } from '../reader/definitions/head-options.js';
import { evaluateHeads } from '../reader/evaluation/evaluate-heads.js';
import type { EvaluationProcesses } from '../reader/evaluation/evaluation-processes.js';
import { findTopicConflicts } from '../reader/given-topics.js';
import type { SourceProject } from '../reader/source-project.js';
import type { TypeRule } from '../reader/types/type-rule.js';
import type { Catalog, TopicEntry } from '../shape/catalog.js';
import type { CatalogMemory } from './catalog-memory.js';
import { catalogOf } from './catalog-of.js';
import { keyOf, type Dependents } from './dependents.js';
import type { CompletedOptions } from './options.js';
import { OpenEntry } from './open-entry.js';

export interface ReadCatalog {
  readonly catalog: Catalog;
  readonly warnings: readonly Diagnostic[];
  /** Where the entries of the catalog were found, by kind and name. */
  readonly heads: readonly DefinitionHead[];
}

/** What an earlier run leaves to a later one. */
export interface Earlier {
  /** Whether another run is to come. Default false. */
  readonly isFollowed?: boolean;
  /** What it found out; what this run finds out is added. */
  readonly memory: CatalogMemory;
  readonly processes: EvaluationProcesses;
  /** Absent the first time, when nothing is known that anything could depend on. */
  readonly dependents?: Dependents;
}

/**
 * Reads everything there is to know of a project's agents and workflows.
 *
 * While that goes on, application code sees a generated module made of what is known so far: at first of names alone, so that
 * it can be loaded and its types read whether or not a generated module is on disk, then of the schemas that were read.
 *
 * @throws GeneratorError with every error found; later steps that depend on a failed one are left out
 */
export async function readCatalog(
  project: SourceProject,
  options: CompletedOptions,
  rules: readonly TypeRule[],
  { memory, processes, dependents, isFollowed = false }: Earlier,
): Promise<ReadCatalog> {
  const { heads, diagnostics } = readHeads(project);
  dependents?.forgetUsers(heads);
  const open = heads.map((head) => new OpenEntry(head, rules, project.directory));
  const showModule = (): void => {
    const seen = open.flatMap((entry) => entry.seen());
    if (seen.length === memory.shown.length && seen.every((part, index) => part === memory.shown[index])) return;
    memory.shown = seen;
    for (const { path, text } of standInFiles(catalogOfOpen(open))) project.overlay(`${options.outDir}/${path}`, text);
  };
  for (const entry of open) {
    const known = memory.recall(entry.head);
    if (!known) continue;
    diagnostics.push(...entry.takeGiven(known.evaluated));
    if (known.sides) entry.takeDerived(known.sides);
  }
  showModule();

  const unknown = open.filter(({ head }) => memory.recall(head) === null);
  const evaluations = await evaluateHeads(
    project,
    processes,
    unknown.map(({ head }) => head),
    options.evaluationTimeoutMs,
  );
  diagnostics.push(...evaluations.diagnostics);
  const failed = new Set(evaluations.failed);
  for (const entry of unknown) {
    const evaluated = evaluations.byHead.get(entry.head) ?? null;
    const problems = entry.takeGiven(evaluated);
    diagnostics.push(...problems);
    if (problems.length === 0 && !failed.has(entry.head)) memory.keep(entry.head, { name: entry.head.name, evaluated });
  }
  for (const entry of open) entry.options = headOptions(entry.head, memory.recall(entry.head)?.evaluated ?? null, diagnostics);
  diagnostics.push(
    ...deriveAll(
      open.filter(({ head, derivedSides }) => !failed.has(head) && derivedSides === null),
      project,
      showModule,
    ),
  );
  for (const { head, derivedSides } of open) {
    const known = memory.recall(head);
    if (known && derivedSides) memory.keep(head, { ...known, sides: derivedSides });
  }

  diagnostics.push(...findTopicConflicts(open.flatMap(topicsOf)));
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new GeneratorError(diagnostics);
  memory.names = new Set(heads.map(keyOf));
  if (isFollowed && !dependents) {
    // The next run will begin with this; what it takes to get there is better spent now.
    showModule();
    project.program().getTypeChecker();
  }
  return { catalog: catalogOfOpen(open), warnings: diagnostics, heads };
}

function catalogOfOpen(entries: readonly OpenEntry[]): Catalog {
  return catalogOf(
    entries.map((entry) => entry.entry()),
    entries.flatMap(topicsOf),
  );
}

function topicsOf({ subscribes, publishes }: OpenEntry): readonly TopicEntry[] {
  return [...subscribes, ...publishes];
}

function readHeads(project: SourceProject): { heads: DefinitionHead[]; diagnostics: Diagnostic[] } {
  const files = project.files.map((file) => fileHeads(file, () => project.program().getTypeChecker()));
  const heads = files.flatMap((file) => file.heads);
  return { heads, diagnostics: [...files.flatMap((file) => file.diagnostics), ...findDuplicates(heads)] };
}

/** What entries wait for cannot come while another one has mistakes of its own; then those are all there is to say. */
function causesOf(problems: readonly (readonly Diagnostic[])[]): readonly Diagnostic[] {
  const own = problems.filter((diagnostics) => diagnostics.every(({ code }) => code !== 'TYPE_CIRCULAR'));
  return (own.length > 0 ? own : problems).flat();
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
    if (still.length === waiting.length) return causesOf(still.map(({ diagnostics }) => diagnostics));
    waiting = still.map(({ entry }) => entry);
  }
}
