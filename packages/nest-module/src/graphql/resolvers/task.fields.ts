import { Int } from '@nestjs/graphql';
import { TaskloomError, type Json } from '@taskloom/core';
import { taskIdOf } from '@taskloom/core/internal';

import { toldSummary } from '../../access/told.js';
import type { ApiContext } from '../api-context.js';
import { attemptsOf } from '../attempts-of.js';
import { ListArgs } from '../args/list.args.js';
import { PageArgs } from '../args/page.args.js';
import { Args, ResolveField, Resolver } from '../decorators.js';
import { pageSize } from '../page-size.js';
import { JSONValue } from '../scalars/scalars.js';
import { showPayload } from '../show-payload.js';
import { Attempt } from '../types/attempt.type.js';
import type { Connection } from '../types/connection.js';
import { Cost, toCosts } from '../types/cost.type.js';
import { JobEvent } from '../types/job-event.type.js';
import { TaskConnection } from '../types/task-connection.type.js';
import { TaskDependency } from '../types/task-dependency.type.js';
import { Task } from '../types/task.type.js';
import { Why } from '../types/why.type.js';
import { readTaskPage } from './read-task-page.js';

@Resolver(() => Task)
export class TaskFields {
  @ResolveField(() => JSONValue, {
    nullable: true,
    description: "Its agent's input as stored: what refs will fill is null. In lists a large value becomes { $preview, $bytes }.",
  })
  async input(task: Task, _args: unknown, { loaders }: ApiContext): Promise<Json> {
    return showPayload(await loaders.input(task.address, task.payloads));
  }

  @ResolveField(() => JSONValue, {
    nullable: true,
    description: 'What its agent gave. In lists a large value becomes { $preview, $bytes }.',
  })
  async output(task: Task, _args: unknown, { loaders }: ApiContext): Promise<Json> {
    return showPayload(await loaders.output(task.address, task.payloads));
  }

  @ResolveField(() => [Cost], { description: 'What it has spent itself, over all its attempts, by unit; empty for nothing.' })
  async cost(task: Task, _args: unknown, { loaders }: ApiContext): Promise<readonly Cost[]> {
    return toCosts(await loaders.cost(task.address));
  }

  @ResolveField(() => Why, { description: 'Why it stands where it stands.' })
  async why(task: Task, _args: unknown, { loaders, budget }: ApiContext): Promise<Why> {
    budget.take(1);
    const why = await loaders.why(task.address);
    if (!why) throw new TaskloomError('NOT_FOUND', `There is no task "${task.id}".`, { details: { taskId: task.id } });
    return new Why(why);
  }

  @ResolveField(() => [Task], { description: 'The tasks it waits for.' })
  dependencies(task: Task, @Args() { first }: ListArgs, context: ApiContext): Promise<readonly Task[]> {
    const shown = task.view.dependencies.slice(0, pageSize(first, 100));
    return near(
      task,
      shown.map((dependency) => dependency.on),
      context,
    );
  }

  @ResolveField(() => [TaskDependency], {
    description: 'Its edges to the tasks it waits for, each with its mode; in the order of `dependencies`.',
  })
  async dependencyEdges(task: Task, @Args() { first }: ListArgs, context: ApiContext): Promise<readonly TaskDependency[]> {
    const shown = await seenDependencies(task, task.view.dependencies.slice(0, pageSize(first, 100)), context);
    return shown.map(({ on, mode }) => ({ taskId: taskIdOf(task.view.jobId, on), mode }));
  }

  @ResolveField(() => Int, { description: 'How many tasks it depends on.' })
  dependencyCount(task: Task, _args: unknown, context: ApiContext): number | Promise<number> {
    const { dependencies } = task.view;
    return context.permissions.allTasks ? dependencies.length : seenDependencies(task, dependencies, context).then((seen) => seen.length);
  }

  @ResolveField(() => String, { nullable: true, description: 'What it came to, in a few sentences. Finished tasks have one.' })
  summary(task: Task, _args: unknown, { permissions, loaders }: ApiContext): string | null | Promise<string | null> {
    const { summary } = task.view;
    if (summary === null || permissions.allTasks) return summary;
    return loaders.seesBelow(task.address).then((seesBelow) => toldSummary(summary, seesBelow));
  }

  @ResolveField(() => [Task], { description: 'The tasks that wait for it.' })
  async dependents(task: Task, @Args() { first }: ListArgs, context: ApiContext): Promise<readonly Task[]> {
    const size = pageSize(first, 100);
    const numbers = await context.loaders.dependents(task.address);
    return near(task, numbers.slice(0, size), context);
  }

  @ResolveField(() => Task, { nullable: true, description: 'The task above it, null for the objective.' })
  async parent(task: Task, _args: unknown, context: ApiContext): Promise<Task | null> {
    if (task.view.parent === null) return null;
    const [parent] = await near(task, [task.view.parent], context);
    return parent ?? null;
  }

  @ResolveField(() => TaskConnection, { description: 'The tasks directly below it, in order.' })
  children(task: Task, @Args() page: PageArgs, context: ApiContext): Promise<Connection<Task>> {
    const filter = { jobId: task.view.jobId, parentId: task.id };
    return readTaskPage(context, filter, page, (size) => context.loaders.children(task.address, size));
  }

  @ResolveField(() => [JobEvent], { description: 'The events about it, oldest first.' })
  async history(task: Task, @Args() { first }: ListArgs, { loaders, budget }: ApiContext): Promise<readonly JobEvent[]> {
    const size = pageSize(first, 100);
    const events = (await loaders.history(task.address)).slice(0, size);
    budget.take(events.length);
    return events.map((view) => new JobEvent(view));
  }

  @ResolveField(() => [Attempt], { description: 'The runs of its agent, latest first, as far as the first 1,000 events about it tell.' })
  async attempts(task: Task, @Args() { first }: ListArgs, { loaders, budget }: ApiContext): Promise<readonly Attempt[]> {
    const size = pageSize(first, 100);
    const attempts = attemptsOf(task.view, await loaders.history(task.address))
      .toReversed()
      .slice(0, size);
    budget.take(attempts.length);
    return attempts.map((view) => new Attempt(view));
  }
}

type Dependency = Task['view']['dependencies'][number];

/** Those on tasks that the caller may see; where it may see all, none is read. */
async function seenDependencies(
  task: Task,
  dependencies: readonly Dependency[],
  { permissions, loaders, budget }: ApiContext,
): Promise<readonly Dependency[]> {
  if (permissions.allTasks) return dependencies;
  budget.take(dependencies.length);
  const seen = await Promise.all(dependencies.map(({ on }) => loaders.task({ jobId: task.view.jobId, no: on })));
  return dependencies.filter((_, index) => seen[index]);
}

/** Tasks of the same job by their numbers, as previews. */
async function near(task: Task, numbers: readonly number[], { loaders, budget }: ApiContext): Promise<readonly Task[]> {
  budget.take(numbers.length);
  const views = await Promise.all(numbers.map((no) => loaders.task({ jobId: task.view.jobId, no })));
  return views.filter((view) => view !== null).map((view) => new Task(view, 'preview'));
}
