import { unknownOption } from './unknown-option.js';
import { durationMs, type Duration } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import type { BatchContext } from './batch-context.js';

/** How tasks of an agent are collected into one call of `executeBatch`. */
export interface BatchOptions {
  /** Most tasks in one call, 1–1,000. A full batch is called at once. */
  readonly maxSize: number;
  /** Longest wait for more, from the first task on; 0 collects what starts together. */
  readonly maxWait: Duration;
}

/** What the engine reads: complete and checked. */
export interface BatchPolicy {
  readonly maxSize: number;
  readonly maxWaitMs: number;
  readonly execute: (inputs: readonly never[], ctx: BatchContext) => unknown;
}

export const MOST_IN_BATCH = 1_000;
const KNOWN = ['maxSize', 'maxWait'];

interface Around {
  readonly timeout?: Duration;
  readonly concurrency?: number;
  readonly exclusive?: boolean;
}

/** Everything that is wrong with an agent's `batch`, beside its other options. */
export function batchProblems(options: BatchOptions | undefined, { timeout, concurrency, exclusive }: Around, owner: string): string[] {
  if (typeof options !== 'object' || options === null)
    return [`\`batch\` of ${owner} must be an object such as { maxSize: 10, maxWait: '20ms' }.`];
  const problems: string[] = [];
  for (const key of Object.keys(options)) if (!KNOWN.includes(key)) problems.push(unknownOption(`\`batch\` of ${owner}`, key, KNOWN));
  const { maxSize, maxWait } = options;
  if (!(Number.isInteger(maxSize) && maxSize >= 1 && maxSize <= MOST_IN_BATCH))
    problems.push(`\`batch.maxSize\` of ${owner} is ${inMessage(maxSize)}; it must be a whole number from 1 to ${MOST_IN_BATCH}.`);
  const maxWaitMs = durationMs(maxWait);
  if (maxWaitMs === null)
    problems.push(
      `\`batch.maxWait\` of ${owner} is ${maxWait === undefined ? 'missing' : inMessage(maxWait)}; write how long a batch waits for more, such as '20ms'.`,
    );
  if (problems.length > 0) return problems;
  // What is no number is refused beside this.
  if (typeof concurrency === 'number' && concurrency < maxSize)
    problems.push(`\`batch.maxSize\` of ${owner} is ${maxSize}, above its \`concurrency\` of ${concurrency}: a batch could never be full.`);
  if (exclusive === true && maxSize > 1) problems.push(`${owner} is \`exclusive\`, so a batch could never hold more than one task.`);
  const timeoutMs = durationMs(timeout ?? 0);
  if (timeoutMs && maxWaitMs! > timeoutMs)
    problems.push(
      `\`batch.maxWait\` of ${owner} is ${inMessage(maxWait)}, longer than its \`timeout\` of ${inMessage(timeout)}: tasks would wait longer than they may run.`,
    );
  return problems;
}

/** Options that have been checked. */
export function parseBatch({ maxSize, maxWait }: BatchOptions, execute: BatchPolicy['execute']): BatchPolicy {
  return { maxSize, maxWaitMs: durationMs(maxWait)!, execute };
}
