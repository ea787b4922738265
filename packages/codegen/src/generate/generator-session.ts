import { dirname } from 'node:path';

import { GeneratorError, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../emitter/emitter.js';
import { compareFiles, type OutputDifference } from '../output/compare-files.js';
import { findBadPaths } from '../output/output-jail.js';
import type { GeneratorPlugin } from '../plugin/generator-plugin.js';
import { mergePlugins } from '../plugin/merge-plugins.js';
import { extraPlugins, STANDARD_PLUGINS } from '../plugin/standard-plugins.js';
import { openProject, type OpenedProject } from '../project/open-project.js';
import { readTsconfig } from '../project/read-tsconfig.js';
import { EvaluationProcesses } from '../reader/evaluation/evaluation-processes.js';
import type { RunInputs } from '../project/run-inputs.js';
import type { Catalog } from '../shape/catalog.js';
import { CatalogMemory } from './catalog-memory.js';
import { Dependents } from './dependents.js';
import { reachesFurther } from './import-graph.js';
import { completeOptions, type CompletedOptions, type GenerateOptions } from './options.js';
import { readCatalog, type Earlier } from './read-catalog.js';
import { withPlans } from './with-plans.js';

/** What a run found, and how the output folder differs (check) or differed (generate) from it. */
export interface GenerateResult {
  readonly catalog: Catalog;
  /** Absolute, with forward slashes. */
  readonly outDir: string;
  readonly files: readonly EmittedFile[];
  readonly difference: OutputDifference;
  /** What the result depends on. */
  readonly inputs: () => RunInputs;
  /** Warnings only: errors are thrown. */
  readonly warnings: readonly Diagnostic[];
}

/** What is kept of a project between runs. */
interface Kept extends Earlier {
  readonly project: OpenedProject;
}

/** Runs of one project, each of which knows what the ones before it found out. */
export class GeneratorSession {
  private readonly options: CompletedOptions;
  private readonly plugin: Required<GeneratorPlugin>;
  private kept: Kept | null = null;
  private readonly processes: EvaluationProcesses;
  /** What changed since the last run that came to its end. */
  private unread: readonly string[] = [];

  constructor(options: GenerateOptions) {
    this.options = completeOptions(options);
    this.processes = new EvaluationProcesses(this.options.directory);
    this.plugin = mergePlugins([...STANDARD_PLUGINS, ...extraPlugins(this.options.emit), ...this.options.plugins]);
  }

  /** Reads the whole project and compares. @throws GeneratorError */
  async check(): Promise<GenerateResult> {
    const processes = new EvaluationProcesses(this.options.directory);
    try {
      return await this.run({ ...this.open(), processes });
    } finally {
      processes.close();
    }
  }

  /**
   * The same after some files have changed: only what depends on them is read again. The first time, and where files came or
   * went or reach files that do not import them, everything is.
   *
   * @param changed absolute paths with forward slashes
   */
  async checkAgain(changed: readonly string[]): Promise<GenerateResult> {
    const { kept } = this;
    const unread = [...new Set([...this.unread, ...changed])];
    // Whatever goes wrong from here on, the next run starts afresh, unless it is sure to be in the sources alone.
    this.kept = null;
    this.unread = [];
    let again = kept;
    try {
      if (!kept || !this.refreshed(kept, unread)) again = { ...this.open(), processes: this.processes };
      const result = await this.run({ ...again!, isFollowed: true });
      this.kept = this.withDependents(again!);
      return result;
    } catch (error) {
      if (again && error instanceof GeneratorError && error.diagnostics.every(isOfSources)) {
        this.kept = this.withDependents(again);
        this.unread = unread;
      }
      throw error;
    } finally {
      this.processes.expectAgain();
    }
  }

  /** Folders of the projects that the tsconfig refers to, as it says now; none while it cannot be read. */
  referencedFolders(): string[] {
    try {
      const { references } = readTsconfig(this.options.tsconfigPath);
      return references.flatMap(({ options: { configFilePath: path } }) =>
        typeof path === 'string' ? dirname(path).replaceAll('\\', '/') : [],
      );
    } catch (error) {
      if (error instanceof GeneratorError) return [];
      throw error;
    }
  }

  /** Gives back what was kept for another run. */
  close(): void {
    this.kept = null;
    this.processes.close();
  }

  private open(): Pick<Kept, 'project' | 'memory'> {
    return { project: openProject(this.options.tsconfigPath, this.options.outDir), memory: new CatalogMemory() };
  }

  private refreshed({ project, dependents }: Kept, changed: readonly string[]): boolean {
    const furtherBefore = project.files.some((file) => changed.includes(file.fileName) && reachesFurther(file));
    if (furtherBefore || !project.refresh(changed)) return false;
    if (project.files.some((file) => changed.includes(file.fileName) && reachesFurther(file))) return false;
    dependents?.forgetImporters(changed);
    return true;
  }

  /** Only after a run is the generated module among what files can import. */
  private withDependents(kept: Kept): Kept {
    return kept.dependents ? kept : { ...kept, dependents: new Dependents(kept.project, kept.memory, this.options.outDir) };
  }

  private async run({ project, ...earlier }: Kept): Promise<GenerateResult> {
    const { options, plugin } = this;
    const readOnly = await readCatalog(project, options, plugin.rules, earlier);
    const read = plugin.needsPlans ? await withPlans(project, readOnly, options.evaluationTimeoutMs, earlier) : readOnly;
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
      inputs: () => project.inputs(),
      warnings: read.warnings,
    };
  }
}

/** Whether nothing but a change of the project's own files can mend it. What cannot be resolved may lack a package. */
function isOfSources({ code }: Diagnostic): boolean {
  return code === 'SYNTAX_ERROR' || (/^(?:TYPE|TAG|NAME)_/.test(code) && code !== 'TYPE_UNRESOLVED' && code !== 'TYPE_ANY');
}
