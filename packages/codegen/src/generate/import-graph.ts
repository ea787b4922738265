import { ts } from 'ts-morph';

import type { SourceProject } from '../reader/source-project.js';

/** Which of a project's files import which, types included. Kept between runs; only what changed is read again. */
export class ImportGraph {
  private readonly imports = new Map<string, readonly string[]>();

  constructor(private readonly project: SourceProject) {
    for (const file of project.files) this.read(file);
  }

  /** Reads files again. */
  update(paths: readonly string[]): void {
    const changed = new Set(paths);
    for (const file of this.project.files) if (changed.has(file.fileName)) this.read(file);
  }

  /** Every file that another one imports. */
  targets(): string[] {
    return [...new Set([...this.imports.values()].flat())];
  }

  /** The given files, and all that import one of them, directly or not. */
  affectedBy(paths: readonly string[]): ReadonlySet<string> {
    const importers = new Map<string, string[]>();
    for (const [file, targets] of this.imports)
      for (const target of targets) importers.set(target, [...(importers.get(target) ?? []), file]);
    const affected = new Set(paths);
    for (const path of affected) for (const importer of importers.get(path) ?? []) affected.add(importer);
    return affected;
  }

  private read(file: ts.SourceFile): void {
    const specifiers = ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
    this.imports.set(
      file.fileName,
      specifiers.flatMap((specifier) => this.project.resolve(specifier, file) ?? []),
    );
  }
}

/** Whether a file says something that reaches files which do not import it. */
export function reachesFurther(file: ts.SourceFile): boolean {
  return !ts.isExternalModule(file) || /\bdeclare\s+(?:global|module)\b/.test(file.text);
}
