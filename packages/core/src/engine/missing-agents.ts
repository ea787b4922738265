import { inLog } from '../errors/in-log.js';
import type { CommittedJob } from '../ledger/committed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '../ports/logger.js';
import type { Registry } from '../runtime/registry.js';

/** Tasks that were parked because their agent was not here: they go on when it is. */
export class MissingAgents {
  constructor(
    private readonly ledger: Ledger,
    private readonly registry: Registry,
    private readonly logger: Logger,
  ) {}

  /** An agent may have been registered while its task was being parked. */
  committed(jobs: readonly CommittedJob[]): void {
    for (const { jobId, events } of jobs) {
      if (!events.some(({ type }) => type === 'TASK_PARKED')) continue;
      for (const agent of this.ledger.describe(jobId)?.missingAgents ?? []) if (this.registry.agent(agent)) this.arrived(agent);
    }
  }

  /** Tasks that waited for the agent's code go on. */
  arrived(agent: string): void {
    for (const jobId of this.ledger.activeJobs()) {
      if (!this.ledger.describe(jobId)?.missingAgents.has(agent)) continue;
      this.ledger
        .send(jobId, { kind: 'release', agent })
        .catch((error: unknown) => this.logger.error('Waiting tasks could not be released.', { jobId, agent, ...inLog(error) }));
    }
  }
}
