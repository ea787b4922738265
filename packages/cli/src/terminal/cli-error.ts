/** What a command cannot go on with. Shown as one line and its remedy, never with a stack unless asked. */
export class CliError extends Error {
  /** @param code stable, in capitals */
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'CliError';
  }
}
