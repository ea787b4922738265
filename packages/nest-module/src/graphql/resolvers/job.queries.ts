import { ApiError } from '../../errors/api-error.js';
import { afterSeqOf } from '../after-seq.js';
import type { ApiContext } from '../api-context.js';
import { EventsArgs } from '../args/events.args.js';
import { IdArgs } from '../args/id.args.js';
import { JobGraphArgs } from '../args/job-graph.args.js';
import { JobsArgs } from '../args/jobs.args.js';
import { Args, Query, Resolver } from '../decorators.js';
import { jobIdOf, taskAddressOf } from '../ids.js';
import { toJobFilter } from '../inputs/to-job-filter.js';
import { MAX_EVENTS, pageSize } from '../page-size.js';
import { isGiven, present } from '../present.js';
import { toConnection, type Connection } from '../types/connection.js';
import { JobConnection } from '../types/job-connection.type.js';
import { JobEvent } from '../types/job-event.type.js';
import { Job } from '../types/job.type.js';

@Resolver()
export class JobQueries {
  @Query(() => Job, { nullable: true, description: 'A job, or null where there is none with that id.' })
  async job(_root: unknown, @Args() { id }: IdArgs, { engine }: ApiContext): Promise<Job | null> {
    const view = await engine.reader.job(jobIdOf(id));
    return view && new Job(view, 'whole');
  }

  @Query(() => JobConnection, { description: 'Jobs, newest first where no other order is asked for.' })
  async jobs(_root: unknown, @Args() { filter, first, after, order }: JobsArgs, { engine, budget }: ApiContext): Promise<Connection<Job>> {
    const conditions = toJobFilter(filter ?? {});
    const page = await engine.reader.jobs(conditions, { first: pageSize(first, 20, { cursor: 'after' }), ...present({ after, order }) });
    budget.take(page.items.length);
    return toConnection(
      page,
      (view) => new Job(view, 'preview'),
      after,
      () => engine.reader.countJobs(conditions),
    );
  }

  @Query(() => [JobEvent], {
    description: "A job's events from `afterSeq` on, in order. To hear them as they come, subscribe to `jobEvents`.",
  })
  async events(
    _root: unknown,
    @Args() { jobId, afterSeq, first }: EventsArgs,
    { engine, budget }: ApiContext,
  ): Promise<readonly JobEvent[]> {
    const size = pageSize(first, 100, { max: MAX_EVENTS, cursor: 'afterSeq' });
    const events = await engine.reader.events(jobId, afterSeqOf(afterSeq, await engine.requireLog(jobIdOf(jobId))), size);
    budget.take(events.length);
    return events.map((view) => new JobEvent(view));
  }

  @Query(() => String, { description: "A job's graph as text, for drawing." })
  jobGraph(_root: unknown, @Args() { jobId, taskId, depth, format, detail }: JobGraphArgs, { engine }: ApiContext): Promise<string> {
    if (isGiven(taskId)) taskAddressOf(taskId);
    else if (isGiven(depth))
      throw new ApiError('BAD_USER_INPUT', '`depth` says how near to `taskId` what is drawn must be, so it needs one.');
    return engine.jobGraph(jobIdOf(jobId), { format, detail: detail ?? 'SIMPLE', ...present({ taskId, depth }) });
  }
}
