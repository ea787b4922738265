import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Catalog } from '../shape/catalog.js';

/** A file an emitter wants: a path inside the output folder, with forward slashes, and its whole text. */
export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}

export interface Emission {
  readonly files: readonly EmittedFile[];
  /** What keeps the emitter from writing what the catalog says; any error here and nothing is written. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Turns the catalog into files. An emitter is a pure function: the same catalog gives the same bytes, whatever lies in
 * the output folder.
 */
export interface Emitter {
  readonly name: string;
  emit(catalog: Catalog): Emission;
}
