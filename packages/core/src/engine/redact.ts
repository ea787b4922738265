import { findJsonProblem, type Json } from '../kernel/json.js';
import type { TaskView } from '../model/views.js';

/** What a value in a drawing is, and of which task. */
export interface Redacted {
  readonly side: 'input' | 'output' | 'error';
  readonly jobId: string;
  readonly taskKey: string;
  readonly agent: string | null;
}

/**
 * Gives what drawings may show of a value: the value as it is, a changed copy, or `undefined` for nothing. An error comes as
 * its message. Where it throws, the value is not shown.
 */
export type Redact = (value: Json, about: Redacted) => Json | undefined;

const HIDDEN = '(not shown)';

export function redactWith(redact: Redact | null, value: Json, { jobId, key, agent }: TaskView, side: Redacted['side']): Json | undefined {
  if (!redact) return value;
  try {
    const shown = redact(value, { side, jobId, taskKey: key, agent });
    return shown === undefined || findJsonProblem(shown) === null ? shown : HIDDEN;
  } catch {
    return HIDDEN;
  }
}
