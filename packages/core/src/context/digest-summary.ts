import type { StoredError } from '../errors/serialize-error.js';
import { isTerminalTask, type TaskStatus } from '../model/task.js';
import { oneLine } from './cut-text.js';
import { statusPhrase } from './status-phrase.js';

const NAME_CHARS = 80;
const ERROR_CHARS = 480;

export interface DigestSummaryInput {
  readonly name: string;
  readonly status: TaskStatus;
  readonly summary: string | null;
  readonly error: StoredError | null;
}

/**
 * What an ended task came to, also one whose agent had no say: its summary, else how it ended and why. `null` for a task
 * that has not ended. At most 600 characters.
 */
export function digestSummary({ name, status, summary, error }: DigestSummaryInput): string | null {
  if (summary !== null) return summary;
  if (!isTerminalTask(status)) return null;
  const end = `${oneLine(name, NAME_CHARS)} ${statusPhrase(status, 1)}`;
  return error === null ? `${end}.` : `${end}: ${withFullStop(oneLine(error.message, ERROR_CHARS))}`;
}

function withFullStop(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
