import type { JobView, TaskView } from '@taskloom/core';

import type { ApiContext } from '../api-context.js';
import { AddDependencyArgs } from '../args/add-dependency.args.js';
import { AddTasksArgs } from '../args/add-tasks.args.js';
import { ControlJobArgs } from '../args/control-job.args.js';
import { ControlTaskArgs } from '../args/control-task.args.js';
import { RejectTaskArgs } from '../args/reject-task.args.js';
import { ResumeTaskArgs } from '../args/resume-task.args.js';
import { Args, Mutation, Resolver } from '../decorators.js';
import { checkedTaskId, jobIdOf } from '../ids.js';
import { toTask } from '../inputs/to-job-submission.js';
import { present } from '../present.js';
import { Job } from '../types/job.type.js';
import { Task } from '../types/task.type.js';

@Resolver()
export class ControlMutations {
  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  @Mutation(() => Job, { description: 'Lets a job run that was started with `confirm: true`.' })
  async confirmJob(_root: unknown, @Args() { id, reason }: ControlJobArgs, context: ApiContext): Promise<Job> {
    return job(context, await context.engine.confirmJob(jobIdOf(id), context.control(reason)));
  }

  @Mutation(() => Job, { description: 'Starts nothing more of a job; what runs ends. Deadlines still count.' })
  async pauseJob(_root: unknown, @Args() { id, reason }: ControlJobArgs, context: ApiContext): Promise<Job> {
    return job(context, await context.engine.pauseJob(jobIdOf(id), context.control(reason)));
  }

  @Mutation(() => Job, { description: 'Lets a paused job go on.' })
  async resumeJob(_root: unknown, @Args() { id, reason }: ControlJobArgs, context: ApiContext): Promise<Job> {
    return job(context, await context.engine.resumeJob(jobIdOf(id), context.control(reason)));
  }

  @Mutation(() => [Task], { description: 'Adds tasks to an open job: all of them, or none and every problem.' })
  async addTasks(_root: unknown, @Args() { jobId, tasks, reason }: AddTasksArgs, context: ApiContext): Promise<readonly Task[]> {
    const added = await context.engine.addTasks(jobIdOf(jobId), tasks.map(toTask), context.control(reason));
    context.forget();
    return added.map((view) => new Task(view, 'preview'));
  }

  // ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────

  @Mutation(() => Task, { description: 'Lets a task that has not begun wait for another one.' })
  async addDependency(_root: unknown, @Args() { taskId, dependsOn, mode, reason }: AddDependencyArgs, context: ApiContext): Promise<Task> {
    const options = { ...context.control(reason), ...present({ mode }) };
    return task(context, await context.engine.addDependency(checkedTaskId(taskId), checkedTaskId(dependsOn), options));
  }

  @Mutation(() => Task, { description: 'Runs an ended task again, with everything that depends on it.' })
  async retryTask(_root: unknown, @Args() { id, reason }: ControlTaskArgs, context: ApiContext): Promise<Task> {
    return task(context, await context.engine.retryTask(checkedTaskId(id), context.control(reason)));
  }

  @Mutation(() => Task, { description: 'Skips an open task and what is below it; what needs it to complete is skipped with it.' })
  async skipTask(_root: unknown, @Args() { id, reason }: ControlTaskArgs, context: ApiContext): Promise<Task> {
    return task(context, await context.engine.skipTask(checkedTaskId(id), context.control(reason)));
  }

  @Mutation(() => Task, { description: 'Cancels an open task and what is below it.' })
  async cancelTask(_root: unknown, @Args() { id, reason }: ControlTaskArgs, context: ApiContext): Promise<Task> {
    return task(context, await context.engine.cancelTask(checkedTaskId(id), context.control(reason)));
  }

  @Mutation(() => Task, { description: 'Starts nothing more of a task and what is below it.' })
  async pauseTask(_root: unknown, @Args() { id, reason }: ControlTaskArgs, context: ApiContext): Promise<Task> {
    return task(context, await context.engine.pauseTask(checkedTaskId(id), context.control(reason)));
  }

  @Mutation(() => Task, { description: 'Lifts the hold of `pauseTask`, or says what a parked task (BLOCKED, MANUAL) comes to.' })
  async resumeTask(_root: unknown, @Args() { id, as, output, reason }: ResumeTaskArgs, context: ApiContext): Promise<Task> {
    const options = { ...context.control(reason), ...present({ as }), ...(output === undefined ? undefined : { output }) };
    return task(context, await context.engine.resumeTask(checkedTaskId(id), options));
  }

  @Mutation(() => Task, { description: 'Accepts what a task under review came to.' })
  async acceptTask(_root: unknown, @Args() { id, reason }: ControlTaskArgs, context: ApiContext): Promise<Task> {
    return task(context, await context.engine.acceptTask(checkedTaskId(id), context.control(reason)));
  }

  @Mutation(() => Task, { description: 'Rejects it: the task runs again with the reason, or is REJECTED after the last permitted time.' })
  async rejectTask(_root: unknown, @Args() { id, reason }: RejectTaskArgs, context: ApiContext): Promise<Task> {
    return task(context, await context.engine.rejectTask(checkedTaskId(id), { ...context.control(null), reason }));
  }
}

function job(context: ApiContext, view: JobView): Job {
  context.forget();
  return new Job(view, 'whole');
}

function task(context: ApiContext, view: TaskView): Task {
  context.forget();
  return new Task(view, 'whole');
}
