import { inLog } from '../errors/in-log.js';
import { isTaskloomError } from '../errors/taskloom-error.js';
import type { ErrorCode } from '../errors/error-codes.js';
import type { StoredError } from '../errors/serialize-error.js';
import type { Grant } from '../ledger/committed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Command } from '../model/command.js';
import { NO_RETRY } from '../model/retry-policy.js';
import type { TaskSpec } from '../model/task.js';
import type { Logger } from '../ports/logger.js';
import { failureOf } from './classify-failure.js';
import type { Outcome } from './outcome.js';
import type { Registry } from './registry.js';

/** Refusals that only say that somebody else was faster. */
const TOO_LATE: ReadonlySet<ErrorCode> = new Set(['LEASE_LOST', 'ENGINE_STOPPED', 'NOT_FOUND']);

/** Tells the ledger what attempts do and how they end. */
export class AttemptReports {
  constructor(
    private readonly ledger: Ledger,
    private readonly registry: Registry,
    private readonly logger: Logger,
  ) {}

  /** How an attempt ended. `spec` is absent where it could not be read. */
  ended(grant: Grant, spec: TaskSpec | null, outcome: Outcome): void {
    this.tell(grant, this.commandFor(grant, spec, outcome));
  }

  progressed(grant: Grant, percent: number, message: string | null): void {
    this.tell(grant, { kind: 'report-progress', task: grant.no, fence: grant.fence, percent, message });
  }

  streamed(grant: Grant, text: string): void {
    this.tell(grant, { kind: 'report-stream', task: grant.no, fence: grant.fence, text });
  }

  overdue(grant: Grant, error: StoredError): void {
    this.tell(grant, { kind: 'report-overdue', task: grant.no, fence: grant.fence, error });
  }

  private commandFor({ no: task, fence, agent }: Grant, spec: TaskSpec | null, outcome: Outcome): Command {
    switch (outcome.kind) {
      case 'completed':
        return {
          kind: 'complete',
          task,
          fence,
          output: outcome.output,
          summary: outcome.summary,
          value: outcome.value,
          ...(outcome.verdict === undefined ? undefined : { verdict: outcome.verdict }),
          ...(outcome.cachedFrom === undefined ? undefined : { cachedFrom: outcome.cachedFrom }),
        };
      case 'failed': {
        const retry = spec?.overrides?.retry ?? this.registry.agent(agent)?.retry ?? NO_RETRY;
        const { kind: _kind, steered: _steered, ...failure } = outcome;
        return { kind: 'fail', task, fence, ...failure, retry, random: Math.random() };
      }
      case 'skipped':
        return { kind: 'skip', task, fence, message: outcome.message };
      case 'suspended':
        return { kind: 'suspend', task, fence, ...outcome.waits };
      case 'parked':
        return { kind: 'park', task, fence, reason: outcome.reason, message: outcome.message };
      case 'handed-back':
        return { kind: 'hand-back', task, fence };
    }
  }

  private tell(grant: Grant, command: Command): void {
    this.ledger.tell(grant.jobId, command, (error) => this.refused(grant, command, error));
  }

  /** A zombie's word is dropped; an attempt whose word is refused for what it says fails with that. */
  private refused(grant: Grant, command: Command, error: unknown): void {
    const about = { jobId: grant.jobId, task: grant.key };
    if (isTaskloomError(error) && TOO_LATE.has(error.code)) {
      this.logger.debug('The word of an attempt that is over was not taken.', { ...about, code: error.code });
    } else if (command.kind === 'fail' || command.kind.startsWith('report-')) {
      this.logger.error('An attempt could not be reported.', { ...about, ...inLog(error) });
    } else {
      const { error: stored, retryable } = failureOf(error);
      this.tell(grant, {
        kind: 'fail',
        task: grant.no,
        fence: grant.fence,
        error: stored,
        timedOut: false,
        retryable,
        retry: NO_RETRY,
        retryAfterMs: 0,
        random: 0,
      });
    }
  }
}
