import { GeneratorError, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../emitter/emitter.js';
import { compareFiles, type OutputDifference } from '../output/compare-files.js';
import { findBadPaths } from '../output/output-jail.js';
import type { GeneratorPlugin } from '../plugin/generator-plugin.js';
import { mergePlugins } from '../plugin/merge-plugins.js';
import { extraPlugins, STANDARD_PLUGINS } from '../plugin/standard-plugins.js';
import { openProject, type OpenedProject } from '../project/open-project.js';
import type { RunInputs } from '../project/run-inputs.js';
import type { Catalog } from '../shape/catalog.js';
import { CatalogMemory } from './catalog-memory.js';
import { ImportGraph, reachesFurther } from './import-graph.js';
import { completeOptions, type CompletedOptions, type GenerateOptions } from './options.js';
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

/** What is kept of a project between runs. */
interface Kept {
  readonly project: OpenedProject;
  readonly graph: ImportGraph;
  readonly memory: CatalogMemory;
}

/** Runs of one project, each of which knows what the ones before it found out. */
export class GeneratorSession {
  private readonly options: CompletedOptions;
  private readonly plugin: Required<GeneratorPlugin>;
  private kept: Kept | null = null;

  constructor(options: GenerateOptions) {
    this.options = completeOptions(options);
    this.plugin = mergePlugins([...STANDARD_PLUGINS, ...extraPlugins(this.options.emit), ...this.options.plugins]);
  }

  /** Reads the whole project and compares. @throws GeneratorError */
  async check(): Promise<GenerateResult> {
    return this.run(this.open(), new CatalogMemory());
  }

  /**
   * The same after some files have changed: only what depends on them is read again. The first time, and where files came or
   * went or reach files that do not import them, everything is.
   *
   * @param changed absolute paths with forward slashes
   */
  async checkAgain(changed: readonly string[]): Promise<GenerateResult> {
    const { kept } = this;
    // Whatever goes wrong from here on, the next run starts afresh.
    this.kept = null;
    const again = kept && this.refreshed(kept, changed) ? kept : { project: this.open(), memory: new CatalogMemory(), graph: null };
    const result = await this.run(again.project, again.memory);
    // Only now is the generated module among what files can import.
    this.kept = { ...again, graph: again.graph ?? new ImportGraph(again.project) };
    return result;
  }

  private open(): OpenedProject {
    return openProject(this.options.tsconfigPath, this.options.outDir);
  }

  private refreshed({ project, graph, memory }: Kept, changed: readonly string[]): boolean {
    const furtherBefore = project.files.some((file) => changed.includes(file.fileName) && reachesFurther(file));
    if (furtherBefore || !project.refresh(changed)) return false;
    if (project.files.some((file) => changed.includes(file.fileName) && reachesFurther(file))) return false;
    graph.update(changed);
    // What reads the generated module may depend on any other file.
    const generated = `${this.options.outDir}/`;
    memory.forget(graph.affectedBy([...changed, ...graph.targets().filter((path) => path.startsWith(generated))]));
    return true;
  }

  private async run(project: OpenedProject, memory: CatalogMemory): Promise<GenerateResult> {
    const { options, plugin } = this;
    const readOnly = await readCatalog(project, options, plugin.rules, memory);
    const read = plugin.needsPlans ? await withPlans(project, readOnly, options.evaluationTimeoutMs, memory) : readOnly;
    const catalog = plugin.catalog(read.catalog);
    const emissions = plugin.emitters.map((emitter) => emitter.emit(catalog));
    const files = emissions.flatMap((emission) => emission.files);
    const problems = emissions.flatMap((emission) => emission.diagnostics);
    if (problems.length > 0) throw new GeneratorError(problems);
    const badPaths = findBadPaths(files);
    if (badPaths.length > 0) throw new GeneratorError(badPaths);
    return {
      catalog,
      outDir: options.outDir,
      files,
      difference: compareFiles(options.outDir, files),
      inputs: project.inputs(),
      warnings: read.warnings,
    };
  }
}
