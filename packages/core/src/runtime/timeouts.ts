import type { AgentDefinition, TimeoutDecision } from '../authoring/agent-definition.js';
import { TIMEOUT_DECISIONS } from '../authoring/agent-definition.js';
import { inLog } from '../errors/in-log.js';
import { serializeError } from '../errors/serialize-error.js';
import type { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { Grant } from '../ledger/committed.js';
import type { TaskSpec } from '../model/task.js';
import type { Logger } from '../ports/logger.js';
import type { Attempt } from './attempt.js';
import type { AttemptReports } from './attempt-reports.js';
import { failureOf } from './classify-failure.js';
import type { Outcome } from './outcome.js';

/** Tells whoever plans that an attempt takes too long. */
export type Planner = (grant: Grant, reason: TaskloomError) => void;

export interface TimeoutsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reports: AttemptReports;
  /** An attempt has failed; whoever has a say about that is asked before it is reported. */
  readonly failed: (attempt: Attempt, spec: TaskSpec, failure: Outcome) => void;
  readonly planner: Planner | null;
  /** The attempt's say is over; its agent may run on for a while. */
  readonly left: (attempt: Attempt) => void;
}

const DECISION_MS = 5_000;

/** What is done when an attempt's time is up. */
export class Timeouts {
  constructor(private readonly options: TimeoutsOptions) {}

  over(attempt: Attempt, spec: TaskSpec, { onTimeout, name }: AgentDefinition, reason: TaskloomError): void {
    if (typeof onTimeout !== 'function') return this.act(onTimeout, attempt, spec, reason);
    const { jobId, key: taskKey, attempt: number } = attempt.grant;
    const report = { jobId, taskKey, agent: name, attempt: number, code: reason.code, message: reason.message };
    void this.ask(() => onTimeout(report), taskKey).then((decision) => this.act(decision, attempt, spec, reason));
  }

  private act(decision: TimeoutDecision, attempt: Attempt, spec: TaskSpec, reason: TaskloomError): void {
    if (decision === 'go-on' || decision === 'notify-planner') {
      if (attempt.isOver) return;
      this.options.reports.overdue(attempt.grant, serializeError(reason));
      if (decision === 'notify-planner') this.notifyPlanner(attempt, reason);
      return;
    }
    if (!attempt.abort(reason)) return;
    const failure = failureOf(reason);
    this.options.failed(attempt, spec, decision === 'terminate-job' ? { ...failure, strategy: 'abort' } : failure);
    this.options.left(attempt);
  }

  private notifyPlanner({ grant }: Attempt, reason: TaskloomError): void {
    const { planner, logger } = this.options;
    if (planner) planner(grant, reason);
    else logger.warn('An attempt takes too long, and the engine has no `planner` to be told.', { jobId: grant.jobId, task: grant.key });
  }

  /** The application's own decision; what fails, hangs or is none means that the attempt fails. */
  private async ask(decide: () => unknown, task: string): Promise<TimeoutDecision> {
    let stopTimer: () => void = () => undefined;
    const tooLong = new Promise<null>((resolve) => (stopTimer = this.options.clock.schedule(DECISION_MS, () => resolve(null))));
    try {
      const said = await Promise.race([Promise.resolve().then(decide), tooLong]);
      const known = TIMEOUT_DECISIONS.find((decision) => decision === said);
      if (known) return known;
      this.options.logger.warn('`onTimeout` gave no decision; the attempt fails.', {
        task,
        said: said === null ? 'nothing within 5 s' : typeof said,
      });
    } catch (error) {
      this.options.logger.warn('`onTimeout` failed; the attempt fails.', { task, ...inLog(error) });
    } finally {
      stopTimer();
    }
    return 'fail-attempt';
  }
}
