import { inLog } from '../errors/in-log.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '../ports/logger.js';
import type { Registry } from '../runtime/registry.js';
import type { Planner } from '../runtime/timeouts.js';

/**
 * Puts a task of the planning agent into the job whose attempt takes too long. Its input is
 * `{ jobId, taskKey, code, message }`; its failure is none of the job's.
 */
export function askPlanner(ledger: Ledger, registry: Registry, agent: string, logger: Logger): Planner {
  return ({ jobId, no, key: taskKey, fence }, { code, message }) => {
    const task = {
      key: `planner.${no}.${fence}`,
      agent,
      name: `Look at ${taskKey}`,
      type: 'TASK' as const,
      priority: 10,
      failureStrategy: 'continue' as const,
      input: { jobId, taskKey, code, message },
    };
    ledger.tell(jobId, { kind: 'add-tasks', tasks: [task], agents: registry.facts(), actor: 'engine' }, (error) =>
      logger.error('The planner could not be told of an attempt that takes too long.', {
        jobId,
        task: taskKey,
        ...inLog(error),
      }),
    );
  };
}
