import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { BatchPolicy } from '../authoring/batch-options.js';
import type { Clock } from '../kernel/clock.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '../ports/logger.js';
import type { Attempt } from './attempt.js';
import { batchContext } from './batch-context.js';
import { batchResults } from './batch-results.js';
import type { Returned } from './call-agent.js';
import type { Outcome } from './outcome.js';

/** An attempt that waits for its batch's call, or for what it comes to. */
export interface BatchMember {
  readonly attempt: Attempt;
  /** As the agent's schema parsed it. */
  readonly input: unknown;
  /** The call begins. */
  readonly begin: () => void;
}

interface Seat extends BatchMember {
  readonly settle: (outcome: Outcome | Returned) => void;
}

export interface BatchesOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes note of what was spent. */
  readonly ledger: Pick<Ledger, 'spend' | 'spentBy'>;
}

/** A batch that still takes tasks. */
interface OpenBatch {
  readonly seats: Set<Seat>;
  readonly stopTimer: () => void;
}

const NOBODY_LISTENS: Outcome = { kind: 'handed-back' };

/**
 * Collects attempts of agents with `batch` and runs each batch in one call: as soon as it is full, or when its first task
 * has waited long enough. An attempt that is over before the call leaves its batch; one that is over during the call is not
 * heard any more, and the others go on.
 */
export class Batches {
  private readonly open = new Map<string, OpenBatch>();

  constructor(private readonly options: BatchesOptions) {}

  /** What the attempt's share of its batch comes to. Never rejects. */
  join({ name }: AgentDefinition, policy: BatchPolicy, member: BatchMember): Promise<Outcome | Returned> {
    return new Promise((settle) => {
      const { attempt } = member;
      if (attempt.isOver) return settle(NOBODY_LISTENS);
      const seat: Seat = { ...member, settle };
      const batch = this.open.get(name) ?? this.begin(name, policy);
      batch.seats.add(seat);
      attempt.signal.addEventListener('abort', () => this.giveUp(name, batch, seat), { once: true });
      if (batch.seats.size >= policy.maxSize) this.call(name, policy, batch);
    });
  }

  private begin(name: string, policy: BatchPolicy): OpenBatch {
    const batch: OpenBatch = {
      seats: new Set(),
      stopTimer: this.options.clock.schedule(policy.maxWaitMs, () => this.call(name, policy, batch)),
    };
    this.open.set(name, batch);
    return batch;
  }

  private giveUp(name: string, batch: OpenBatch, seat: Seat): void {
    if (this.open.get(name) !== batch) return;
    batch.seats.delete(seat);
    seat.settle(NOBODY_LISTENS);
    if (batch.seats.size === 0) this.close(name, batch);
  }

  private close(name: string, batch: OpenBatch): void {
    this.open.delete(name);
    batch.stopTimer();
  }

  private call(name: string, { execute }: BatchPolicy, batch: OpenBatch): void {
    this.close(name, batch);
    const seats = [...batch.seats];
    for (const { begin } of seats) begin();
    const attempts = seats.map(({ attempt }) => attempt);
    const context = batchContext(name, attempts, this.options);
    const inputs = seats.map(({ input }) => input) as unknown as readonly never[];
    const results = batchResults(name, () => execute(inputs, context), seats.length);
    void results.then((outcomes) => seats.forEach((seat, index) => seat.settle(outcomes[index]!)));
  }
}
