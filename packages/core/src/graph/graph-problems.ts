import type { ErrorCode } from '../errors/error-codes.js';
import type { GraphProblem } from '../errors/graph-error.js';
import type { Json } from '../kernel/json.js';

/** Everything that is wrong with a submission, in the order in which it is found. */
export class GraphProblems {
  readonly found: GraphProblem[] = [];

  report(code: ErrorCode, taskKey: string, message: string, details?: { readonly [key: string]: Json }): void {
    this.found.push({ code, taskKey: show(taskKey), message, ...(details ? { details } : undefined) });
  }
}

/** A key or a name as a message shows it. */
export function show(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
