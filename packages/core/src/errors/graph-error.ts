import type { ErrorCode } from './error-codes.js';
import { TaskloomError } from './taskloom-error.js';
import type { Json } from '../kernel/json.js';

/** One thing that is wrong with a submitted graph. */
export interface GraphProblem {
  readonly code: ErrorCode;
  readonly message: string;
  /** The task it concerns, where it concerns one. */
  readonly taskKey?: string;
  readonly details?: { readonly [key: string]: Json };
}

const SHOWN = 20;

/**
 * A submission that was refused: nothing of it was stored. Carries every problem found. Its code is the problems'
 * code where they share one, else `GRAPH_INVALID`.
 */
export class GraphError extends TaskloomError {
  constructor(readonly problems: readonly GraphProblem[]) {
    const [first] = problems;
    if (!first) throw new RangeError('a GraphError needs at least one problem');
    const code = problems.every((problem) => problem.code === first.code) ? first.code : 'GRAPH_INVALID';
    super(code, problems.length === 1 ? first.message : listProblems(problems), {
      details: {
        ...(problems.length === 1 ? first.details : undefined),
        problems: problems.slice(0, SHOWN).map(({ code: problemCode, message, taskKey, details }) => ({
          code: problemCode,
          message,
          taskKey: taskKey ?? null,
          ...(details ? { details } : undefined),
        })),
      },
    });
  }
}

function listProblems(problems: readonly GraphProblem[]): string {
  const lines = problems.slice(0, SHOWN).map((problem) => `  - ${problem.code}: ${problem.message}`);
  const rest = problems.length - SHOWN;
  return `The graph has ${problems.length} problems:\n${lines.join('\n')}${rest > 0 ? `\n  … and ${rest} more` : ''}`;
}
