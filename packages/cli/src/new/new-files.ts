import type { TestRunner } from './test-runner.js';

/** What is put into the files of a new agent or workflow. */
export interface NewNames {
  /** `count-words` */
  readonly name: string;
  /** `CountWords` */
  readonly className: string;
  /** Without ending; its name where that can be one. */
  readonly fileName: string;
  readonly description: string;
  /** Where the generated module is, as the test imports it. */
  readonly manifestSpecifier: string;
  readonly runner: TestRunner;
}

/** Texts. */
export interface NewFiles {
  readonly source: string;
  readonly test: string;
}

/** A text as a TypeScript literal, on one line. */
export function literal(text: string): string {
  return `'${text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll("'", String.raw`\'`)}'`;
}
