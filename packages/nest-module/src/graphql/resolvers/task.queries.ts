import type { ApiContext } from '../api-context.js';
import { IdArgs } from '../args/id.args.js';
import { TasksArgs } from '../args/tasks.args.js';
import { Args, Query, Resolver } from '../decorators.js';
import { jobIdOf, taskAddressOf } from '../ids.js';
import { isGiven, present } from '../present.js';
import type { Connection } from '../types/connection.js';
import { TaskConnection } from '../types/task-connection.type.js';
import { Task } from '../types/task.type.js';
import { readTaskPage } from './read-task-page.js';

@Resolver()
export class TaskQueries {
  @Query(() => Task, { nullable: true, description: 'A task, or null where there is none with that id.' })
  async task(_root: unknown, @Args() { id }: IdArgs, { loaders }: ApiContext): Promise<Task | null> {
    const view = await loaders.task(taskAddressOf(id));
    return view && new Task(view, 'whole');
  }

  @Query(() => TaskConnection, { description: 'Tasks: of one job in the order they came into it, of many jobs newest job first.' })
  async tasks(_root: unknown, @Args() { filter, ...page }: TasksArgs, context: ApiContext): Promise<Connection<Task>> {
    if (isGiven(filter.jobId)) jobIdOf(filter.jobId);
    if (isGiven(filter.parentId)) taskAddressOf(filter.parentId);
    return readTaskPage(context, present(filter), page);
  }
}
