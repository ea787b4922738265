import { inLog } from '../errors/in-log.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '../ports/logger.js';
import type { Store } from '../ports/store.js';
import type { Registry } from '../runtime/registry.js';
import type { Timers } from '../services/timers.js';
import type { RecoveryReport } from './contract.js';

interface RecoverOptions {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly registry: Registry;
  readonly logger: Logger;
}

/**
 * Takes up what earlier processes left: attempts that died with them are abandoned and their tasks ready again, tasks that
 * waited for code which is here now are released, timers are set anew. Finished tasks stay finished.
 */
export async function recover({ store, ledger, timers, registry, logger }: RecoverOptions): Promise<RecoveryReport> {
  const jobs: RecoveryReport['jobs'][number][] = [];
  let found = 0;
  let requeued = 0;
  let parked = 0;
  let failed = 0;
  const recoverJob = async (jobId: string): Promise<void> => {
    ledger.takeUp(jobId);
    const events = await ledger.send(jobId, { kind: 'recover' });
    const [report] = events.filter((event) => event.type === 'JOB_RECOVERED');
    found += report?.found ?? 0;
    requeued += report?.requeued ?? 0;
    parked += report?.parked ?? 0;
    const job = ledger.describe(jobId);
    if (!job) return;
    for (const agent of job.missingAgents) if (registry.agent(agent)) await ledger.send(jobId, { kind: 'release', agent });
    timers.set(jobId, ledger.wakeAtOf(jobId));
    const { name, workflow, openTasks, finishedTasks } = job;
    jobs.push({ id: jobId, name, workflow, openTasks, finishedTasks });
  };
  for (const jobId of await store.openJobs()) {
    try {
      await recoverJob(jobId);
    } catch (error) {
      // One job that cannot be read must not keep the others from going on.
      failed += 1;
      logger.error('An unfinished job cannot be read and is left as it is.', { jobId, ...inLog(error) });
    }
  }
  if (jobs.length + failed > 0)
    logger.info(
      `${jobs.length} unfinished job${jobs.length === 1 ? ' goes' : 's go'} on; ${requeued} task${requeued === 1 ? ' starts' : 's start'} again, ${parked} wait for a person.`,
      { jobs: jobs.map(({ id }) => id).slice(0, 20), found, requeued, parked, failed },
    );
  return { jobs, found, requeued, parked, failed };
}
