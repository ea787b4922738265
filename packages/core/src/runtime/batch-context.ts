import type { BatchContext, BatchItem } from '../authoring/batch-context.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { taskIdOf } from '../kernel/ids.js';
import type { JsonObject } from '../kernel/json.js';
import type { Attempt } from './attempt.js';
import type { BatchesOptions } from './batches.js';
import { checkedCost } from './checked-cost.js';

/** The context of one call for several attempts. */
export function batchContext(agent: string, attempts: readonly Attempt[], { clock, logger, ledger }: BatchesOptions): BatchContext {
  const about: JsonObject = { agent, items: attempts.length };
  let known: ReadonlyMap<string, Attempt> | null = null;
  return {
    items: attempts.map(itemOf),
    signal: whenAllAbort(attempts.map(({ signal }) => signal)),
    logger: {
      debug: (message, data) => logger.debug(message, { ...data, ...about }),
      info: (message, data) => logger.info(message, { ...data, ...about }),
      warn: (message, data) => logger.warn(message, { ...data, ...about }),
      error: (message, data) => logger.error(message, { ...data, ...about }),
    },
    heartbeat: () => {
      for (const attempt of attempts) attempt.lastSignAt = clock.monotonic();
    },
    cost: (item, amounts) => {
      // By what it says: whoever stands between agent and engine may have made a copy of it.
      known ??= new Map(attempts.map((each) => [nameOf(itemOf(each)), each]));
      const attempt = known.get(nameOf(item));
      if (!attempt) throw new TaskloomError('OPTIONS_INVALID', '`ctx.cost` of a batch wants one of `ctx.items`, and then the amounts.');
      const { grant, isOver } = attempt;
      const cost = checkedCost(amounts, ledger.spentBy(grant), `ctx.cost of "${grant.key}"`);
      if (!isOver) ledger.spend(grant, cost);
    },
  };
}

function nameOf(item: Partial<BatchItem> | null | undefined): string {
  return `${item?.taskId}:${item?.fence}`;
}

function itemOf({ grant, signal }: Attempt): BatchItem {
  const { jobId, no, key: taskKey, attempt, fence, generation } = grant;
  const taskId = taskIdOf(jobId, no);
  return { jobId, taskId, taskKey, attempt, fence, signal, idempotencyKey: `${taskId}:${generation}` };
}

/** Aborts with the last of the signals, for its reason. */
function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let going = signals.filter(({ aborted }) => !aborted).length;
  for (const signal of signals) {
    const stop = (): void => {
      going -= 1;
      if (going === 0) controller.abort(signal.reason);
    };
    if (!signal.aborted) signal.addEventListener('abort', stop, { once: true });
  }
  return controller.signal;
}
