import type { ExitCode } from './terminal.js';

export interface CliErrorOptions extends ErrorOptions {
  /** Facts for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a command cannot go on with. Shown as one line and its remedy, never with a stack unless asked. */
export class CliError extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  /** @param code stable, in capitals */
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly exitCode: ExitCode = 1,
    { details = {}, ...options }: CliErrorOptions = {},
  ) {
    super(message, options);
    this.name = 'CliError';
    this.details = details;
  }
}
