import { formatDiagnostics, GeneratorError, sortDiagnostics } from '@taskloom/codegen/run';
import pc from 'picocolors';

import { CliError } from './cli-error.js';
import type { Terminal } from './terminal.js';

/** What went wrong and what to do about it, as the compiler prints it. */
export function describeFailure(error: unknown, withStack: boolean, terminal: Terminal): string {
  const stack = withStack && error instanceof Error ? `\n${error.stack ?? ''}\n` : '';
  if (error instanceof GeneratorError)
    return formatDiagnostics(sortDiagnostics(error.diagnostics), { from: terminal.directory, pretty: terminal.pretty }) + stack;
  const red = pc.createColors(terminal.pretty).red;
  const known = error instanceof CliError || isCoded(error);
  // What goes over several lines is told from the next of them.
  const message = (error instanceof Error ? error.message : String(error)).trimEnd().replaceAll(/\n(?! {2})/g, '\n  ');
  const remedy = known ? error.remedy : 'This is a defect of taskloom; run again with --stack and report what it shows.';
  return `${red('error')} ${known ? error.code : 'INTERNAL'}: ${message}\n  ${remedy}\n${stack}`;
}

/** An error of the engine, told by its form: the engine itself is not loaded for this. */
function isCoded(error: unknown): error is Error & { readonly code: string; readonly remedy: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && 'remedy' in error && typeof error.remedy === 'string'
  );
}
