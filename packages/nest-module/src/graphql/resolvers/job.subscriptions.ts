import { afterSeqOf } from '../after-seq.js';
import type { ApiContext } from '../api-context.js';
import { JobEventsArgs } from '../args/job-events.args.js';
import { JobIdArgs } from '../args/job-id.args.js';
import { OptionalJobIdArgs } from '../args/optional-job-id.args.js';
import { Args, Resolver, Subscription } from '../decorators.js';
import { jobIdOf } from '../ids.js';
import { jobUpdates } from '../live/job-updates.js';
import { openJobUpdates } from '../live/open-job-updates.js';
import { push } from '../live/push.js';
import { taskUpdates } from '../live/task-updates.js';
import { JobEvent } from '../types/job-event.type.js';
import { Job } from '../types/job.type.js';
import { Task } from '../types/task.type.js';

@Resolver()
export class JobSubscriptions {
  @Subscription(() => JobEvent, {
    description:
      "A job's events after `afterSeq`: those stored, then those to come, in order, none left out, none twice. Ends with the job. After a lost connection, subscribe again with the last `seq` seen.",
  })
  async jobEvents(
    _root: unknown,
    @Args() { jobId, afterSeq }: JobEventsArgs,
    { engine, permissions }: ApiContext,
  ): Promise<AsyncIterableIterator<JobEvent>> {
    const from = afterSeqOf(afterSeq, await engine.requireJob(jobIdOf(jobId)));
    return push(
      (signal) => engine.events(jobId, { afterSeq: from, signal }),
      (view) => new JobEvent(view),
      permissions,
    );
  }

  @Subscription(() => Task, {
    description:
      "The state of each of a job's tasks now, then of each one that changed. Ends with the job. To a slow reader only the latest state is told.",
  })
  async taskUpdated(
    _root: unknown,
    @Args() { jobId }: JobIdArgs,
    { engine, permissions }: ApiContext,
  ): Promise<AsyncIterableIterator<Task>> {
    await engine.requireJob(jobIdOf(jobId));
    return push(
      (signal) => taskUpdates(engine, jobId, signal),
      (view) => new Task(view, 'pushed'),
      permissions,
    );
  }

  @Subscription(() => Job, {
    description:
      "A job's state now, then each time it changed; ends with the job. Without `jobId`: the newest jobs that have not ended, then every job each time it changed. To a slow reader only the latest state is told.",
  })
  async jobUpdated(
    _root: unknown,
    @Args() { jobId }: OptionalJobIdArgs,
    { engine, permissions }: ApiContext,
  ): Promise<AsyncIterableIterator<Job>> {
    if (jobId) await engine.requireJob(jobIdOf(jobId));
    return push(
      (signal) => (jobId ? jobUpdates(engine, jobId, signal) : openJobUpdates(engine, signal)),
      (view) => new Job(view, 'pushed'),
      permissions,
    );
  }
}
