import { CliError } from './cli-error.js';
import { toJson } from './to-json.js';

/** What went wrong, for programs: `{ error: { code, message, remedy, details } }`. */
export function failureAsJson(error: unknown): string {
  if (error instanceof CliError) {
    const { code, message, remedy, details } = error;
    return toJson({ error: { code, message, remedy, details } });
  }
  return toJson({ error: { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), remedy: '', details: {} } });
}
