import { GeneratorError, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../emitter/emitter.js';
import { compareFiles, type OutputDifference } from '../output/compare-files.js';
import { findBadPaths } from '../output/output-jail.js';
import { writeFiles } from '../output/write-files.js';
import { mergePlugins } from '../plugin/merge-plugins.js';
import { extraPlugins, STANDARD_PLUGINS } from '../plugin/standard-plugins.js';
import { openProject } from '../project/open-project.js';
import type { RunInputs } from '../project/run-inputs.js';
import type { Catalog } from '../shape/catalog.js';
import { completeOptions, type GenerateOptions } from './options.js';
import { readCatalog } from './read-catalog.js';
import { withPlans } from './with-plans.js';

/** What a run found, and how the output folder differs (check) or differed (generate) from it. */
export interface GenerateResult {
  readonly catalog: Catalog;
  /** Absolute, with forward slashes. */
  readonly outDir: string;
  readonly files: readonly EmittedFile[];
  readonly difference: OutputDifference;
  /** What the result depends on. */
  readonly inputs: RunInputs;
  /** Warnings only: errors are thrown. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads a project and writes what is generated from it, only where it changed.
 *
 * @throws GeneratorError with everything that is wrong; nothing is written then
 */
export async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
  const result = await check(options);
  writeFiles(result.outDir, result.files, result.difference);
  return result;
}

/**
 * Like {@link generate}, but only compares.
 *
 * @throws GeneratorError with everything that is wrong in the sources; a difference is no error here
 */
export async function check(options: GenerateOptions = {}): Promise<GenerateResult> {
  const completed = completeOptions(options);
  const project = openProject(completed.tsconfigPath, completed.outDir);
  const plugin = mergePlugins([...STANDARD_PLUGINS, ...extraPlugins(completed.emit), ...completed.plugins]);
  const readOnly = await readCatalog(project, completed, plugin.rules);
  const read = plugin.needsPlans ? await withPlans(project, readOnly, completed.evaluationTimeoutMs) : readOnly;
  const catalog = plugin.catalog(read.catalog);
  const emissions = plugin.emitters.map((emitter) => emitter.emit(catalog));
  const files = emissions.flatMap((emission) => emission.files);
  const problems = emissions.flatMap((emission) => emission.diagnostics);
  if (problems.length > 0) throw new GeneratorError(problems);
  const badPaths = findBadPaths(files);
  if (badPaths.length > 0) throw new GeneratorError(badPaths);
  return {
    catalog,
    outDir: completed.outDir,
    files,
    difference: compareFiles(completed.outDir, files),
    inputs: project.inputs(),
    warnings: read.warnings,
  };
}
