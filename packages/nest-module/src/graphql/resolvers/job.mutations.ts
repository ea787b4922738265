import type { JobView } from '@taskloom/core';

import type { ApiContext } from '../api-context.js';
import { CancelJobArgs } from '../args/cancel-job.args.js';
import { RetryJobArgs } from '../args/retry-job.args.js';
import { StartWorkflowArgs } from '../args/start-workflow.args.js';
import { SubmitJobArgs } from '../args/submit-job.args.js';
import { Args, Mutation, Resolver } from '../decorators.js';
import { jobIdOf, taskAddressOf } from '../ids.js';
import { toJobOptions, toJobSubmission } from '../inputs/to-job-submission.js';
import { present } from '../present.js';
import { Job } from '../types/job.type.js';

@Resolver()
export class JobMutations {
  @Mutation(() => Job, { description: 'Plans a workflow and starts its job. Answers when the job is durable.' })
  async startWorkflow(_root: unknown, @Args() { name, input, options }: StartWorkflowArgs, context: ApiContext): Promise<Job> {
    return started(context, await context.engine.startWorkflow(name, input, toJobOptions(options)));
  }

  @Mutation(() => Job, {
    description:
      'Starts a job of an explicit graph. Answers when the job is durable; where anything is wrong, all of it is listed and nothing is stored.',
  })
  async submitJob(_root: unknown, @Args() { job }: SubmitJobArgs, context: ApiContext): Promise<Job> {
    return started(context, await context.engine.submitJob(toJobSubmission(job)));
  }

  @Mutation(() => Job, { description: 'Cancels a job: what runs is stopped, the rest will not start.' })
  async cancelJob(_root: unknown, @Args() { id, reason }: CancelJobArgs, context: ApiContext): Promise<Job> {
    const view = await context.engine.cancelJob(jobIdOf(id), context.control(reason));
    context.forget();
    return new Job(view, 'whole');
  }

  @Mutation(() => Job, {
    description: 'Reopens an ended job: the chosen tasks run again with everything that depends on them, the rest keeps its results.',
  })
  async retryJob(_root: unknown, @Args() { id, tasks, reason }: RetryJobArgs, context: ApiContext): Promise<Job> {
    for (const taskId of tasks ?? []) taskAddressOf(taskId);
    const view = await context.engine.retryJob(jobIdOf(id), { ...context.control(reason), ...present({ tasks }) });
    context.forget();
    return new Job(view, 'whole');
  }
}

function started(context: ApiContext, view: JobView): Job {
  context.forget();
  return new Job(view, 'whole');
}
