import type { DefinitionHead } from '../reader/definitions/definition-head.js';
import type { DerivedSides } from '../reader/derived-document.js';
import type { EvaluatedBinding } from '../reader/evaluation/evaluation-protocol.js';
import type { PlanDrawing } from '../shape/plan-graph.js';

/** What was found out of a definition, and costs time to find out again. */
export interface Remembered {
  readonly name: string;
  /** `null` where its module need not be loaded. */
  readonly evaluated: EvaluatedBinding | null;
  /** `null` where nothing is left to its types; absent where that is to be found out again. */
  readonly sides?: DerivedSides | null;
  /** The graph of its plan, and what `plan` was run with, as one text. */
  readonly plan?: { readonly request: string; readonly drawing: PlanDrawing };
}

/** What is known of definitions whose files, and all that these depend on, have not changed since. */
export class CatalogMemory {
  /** Every definition of the last run that came to its end: `agent count-lines`. */
  names: ReadonlySet<string> = new Set();
  /** What the module that stands in for the generated one is made of. */
  shown: readonly unknown[] = [];
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

  /** Forgets what types came to, and gives the names of those of which there was something to forget. */
  forgetTypes(files: Iterable<string>): string[] {
    const names: string[] = [];
    for (const file of files) {
      for (const [binding, { sides, ...rest }] of this.byFile.get(file) ?? []) {
        if (!sides) continue;
        this.byFile.get(file)!.set(binding, rest);
        names.push(rest.name);
      }
    }
    return names;
  }
}
