import { TaskloomError } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { ApiError } from '../../errors/api-error.js';
import { afterSeqOf } from '../after-seq.js';
import type { ApiContext } from '../api-context.js';
import { JobEventsArgs } from '../args/job-events.args.js';
import { OptionalJobIdArgs } from '../args/optional-job-id.args.js';
import { TaskScopeArgs } from '../args/task-scope.args.js';
import { Args, Resolver, Subscription } from '../decorators.js';
import { jobIdOf, taskAddressOf } from '../ids.js';
import { jobUpdates } from '../live/job-updates.js';
import { openJobUpdates } from '../live/open-job-updates.js';
import { narrowedEvents } from '../live/narrowed-events.js';
import { push, pushBatches, type PushedRows } from '../live/push.js';
import { isGiven } from '../present.js';
import { TaskScope } from '../live/task-scope.js';
import { taskUpdates } from '../live/task-updates.js';
import { JobEvent } from '../types/job-event.type.js';
import { Job } from '../types/job.type.js';
import { Task } from '../types/task.type.js';

@Resolver()
export class JobSubscriptions {
  @Subscription(() => JobEvent, {
    description:
      "A job's events after `afterSeq`: those stored, then those to come, in order, none left out, none twice. Ends with the job. After a lost connection, subscribe again with the last `seq` seen; CURSOR_EXPIRED says that the job was deleted meanwhile.",
  })
  async jobEvents(
    _root: unknown,
    @Args() { jobId, afterSeq, types, ...narrow }: JobEventsArgs,
    { engine, permissions }: ApiContext,
  ): Promise<PushedRows<JobEvent>> {
    const from = afterSeqOf(afterSeq, await engine.requireLog(jobIdOf(jobId)));
    const scope = await scopeOf(engine, { jobId, ...narrow });
    const isWhole = !types && !scope;
    return pushBatches(
      (signal) => {
        const events = engine.events(jobId, { afterSeq: from, signal });
        return isWhole ? events : narrowedEvents(events, { types: types ?? null, scope });
      },
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
    @Args() { jobId, ...narrow }: TaskScopeArgs,
    { engine, permissions }: ApiContext,
  ): Promise<PushedRows<Task>> {
    await engine.requireJob(jobIdOf(jobId));
    const scope = await scopeOf(engine, { jobId, ...narrow });
    return push(
      (signal) => taskUpdates(engine, jobId, scope, signal),
      (view) => new Task(view, 'pushed'),
      permissions,
    );
  }

  @Subscription(() => Job, {
    description:
      "A job's state now, then each time it changed; ends with the job. Without `jobId`: the newest jobs that have not ended, then every job each time it changed. To a slow reader only the latest state is told.",
  })
  async jobUpdated(_root: unknown, @Args() { jobId }: OptionalJobIdArgs, { engine, permissions }: ApiContext): Promise<PushedRows<Job>> {
    if (isGiven(jobId)) await engine.requireJob(jobIdOf(jobId));
    return push(
      (signal) => (isGiven(jobId) ? jobUpdates(engine, jobId, signal) : openJobUpdates(engine, signal)),
      (view) => new Job(view, 'pushed'),
      permissions,
    );
  }
}

/** @throws TaskloomError `ID_INVALID`, `NOT_FOUND` */
async function scopeOf(engine: GuardedEngine, { jobId, taskId, subtree }: TaskScopeArgs): Promise<TaskScope | null> {
  if (!isGiven(taskId)) {
    if (subtree) throw new ApiError('BAD_USER_INPUT', '`subtree` says which tasks below `taskId` are meant, so it needs one.');
    return null;
  }
  const address = taskAddressOf(taskId);
  if (address.jobId !== jobId || !(await engine.reader.task(taskId)))
    throw new TaskloomError('NOT_FOUND', `There is no task "${taskId}" in job "${jobId}".`, { details: { jobId, taskId } });
  return new TaskScope(engine.reader, address, subtree ?? false);
}
