import type { ts } from 'ts-morph';

/**
 * The user's project as readers see it. Everything that knows how a project is opened lives behind this, so that another
 * compiler can take its place.
 */
export interface SourceProject {
  /** The directory of the tsconfig, absolute, with forward slashes. */
  readonly directory: string;
  readonly options: ts.CompilerOptions;
  /** The project's own source files; neither declarations nor what the generator wrote. */
  readonly files: readonly ts.SourceFile[];
  /** The current program; a new one after {@link overlay}. */
  program(): ts.Program;
  /** Makes the program see a file that is not on disk, or not yet with this text. */
  overlay(path: string, text: string): void;
  /** The overlaid text of a file, if there is one. */
  overlaid(path: string): string | null;
  /** Remembers a file beyond the project's own that the result depends on. */
  dependOn(path: string): void;
  /** The file that an import leads to, as the compiler resolves it. */
  resolve(specifier: string, from: ts.SourceFile | string): string | null;
}
