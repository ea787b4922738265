import { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.js';

/** A place in a source file. Lines and columns count from 1. */
export interface SourcePlace {
  /** Absolute path with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line's text and how many characters of it are meant, for showing. */
  readonly excerpt?: { readonly text: string; readonly length: number };
}

export type Severity = 'error' | 'warning';

/** One thing that is wrong, and what to do about it. Errors keep anything from being written, warnings do not. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence with the names involved. */
  readonly message: string;
  readonly remedy: string;
  /** Absent when no place in a source file is to blame. */
  readonly place: SourcePlace | null;
  /** Other places that belong to it, each with what it has to do with it. */
  readonly related: readonly { readonly message: string; readonly place: SourcePlace }[];
}

export interface DiagnosticDetails {
  readonly place?: SourcePlace | null;
  readonly severity?: Severity;
  /** Replaces the registry's remedy where a better one is known. */
  readonly remedy?: string;
  readonly related?: Diagnostic['related'];
}

export function diagnostic(code: DiagnosticCode, message: string, details: DiagnosticDetails = {}): Diagnostic {
  return {
    code,
    severity: details.severity ?? 'error',
    message,
    remedy: details.remedy ?? DIAGNOSTIC_CODES[code].remedy,
    place: details.place ?? null,
    related: details.related ?? [],
  };
}

/** Thrown where the generator cannot go on; whatever it had found so far travels with it. */
export class GeneratorError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
    this.name = 'GeneratorError';
  }
}

/** By file, line and column; those without a place come first. What two steps say of one place is told once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const keyed = new Map(
    diagnostics.map((item) => [
      JSON.stringify([item.code, item.place && item.related.length > 0 ? item.related : item.message, item.place]),
      item,
    ]),
  );
  return [...keyed.values()].sort(
    (a, b) =>
      compareText(a.place?.file ?? '', b.place?.file ?? '') ||
      compareNumber(a.place?.line, b.place?.line) ||
      compareNumber(a.place?.column, b.place?.column),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumber(a = 0, b = 0): number {
  return a - b;
}
