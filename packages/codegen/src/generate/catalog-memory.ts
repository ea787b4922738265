import type { DefinitionHead } from '../reader/definitions/definition-head.js';
import type { DerivedSides } from '../reader/derived-document.js';
import type { EvaluatedBinding } from '../reader/evaluation/evaluation-protocol.js';
import type { PlanDrawing } from '../shape/plan-graph.js';

/** What was found out of a definition, and costs time to find out again. */
export interface Remembered {
  readonly evaluated: EvaluatedBinding | null;
  readonly sides: DerivedSides | null;
  readonly plan?: PlanDrawing;
}

/** What is known of definitions whose files, and all that these import, have not changed since. */
export class CatalogMemory {
  private readonly byFile = new Map<string, Map<string, Remembered>>();

  recall({ found }: DefinitionHead): Remembered | null {
    return this.byFile.get(found.file.fileName)?.get(found.binding) ?? null;
  }

  keep({ found }: DefinitionHead, remembered: Remembered): void {
    const file = this.byFile.get(found.file.fileName) ?? new Map<string, Remembered>();
    this.byFile.set(found.file.fileName, file.set(found.binding, remembered));
  }

  forget(files: Iterable<string>): void {
    for (const file of files) this.byFile.delete(file);
  }
}
