import type { ApiContext } from '../api-context.js';
import { ListArgs } from '../args/list.args.js';
import { Args, Query, ResolveField, Resolver, Subscription } from '../decorators.js';
import { overviewUpdates, readOverview } from '../live/overview.js';
import { push, type PushedRows } from '../live/push.js';
import { pageSize } from '../page-size.js';
import { Alert } from '../types/alert.type.js';
import { Limit } from '../types/limit.type.js';
import { Overview } from '../types/overview.type.js';
import { Task } from '../types/task.type.js';

@Resolver(() => Overview)
export class OverviewResolvers {
  @Query(() => Overview, { description: 'What there is to do, and how it goes.' })
  async overview(_root: unknown, _args: unknown, { engine }: ApiContext): Promise<Overview> {
    return new Overview(await readOverview(engine));
  }

  @Subscription(() => Overview, {
    name: 'overview',
    description: 'What there is to do, and how it goes: now, then whenever it has changed, at most once a second. Does not end.',
  })
  overviewUpdates(_root: unknown, _args: unknown, { engine, permissions }: ApiContext): PushedRows<Overview> {
    return push(
      (signal) => overviewUpdates(engine, signal),
      (view) => new Overview(view),
      permissions,
    );
  }

  @ResolveField(() => [Limit], {
    nullable: true,
    description:
      'How full pools and other limits are, the fullest first; null for a caller that does not see all jobs and tasks, and where another process runs them.',
  })
  limits({ view }: Overview, @Args() { first }: ListArgs): readonly Limit[] | null {
    return view.limits && view.limits.slice(0, pageSize(first, 100)).map((gauge) => new Limit(gauge));
  }

  @ResolveField(() => [Alert], { description: 'What is out of bounds, newest first.' })
  alerts({ view }: Overview, @Args() { first }: ListArgs): readonly Alert[] {
    return view.alerts.slice(0, pageSize(first, 100)).map((alert) => new Alert(alert));
  }

  @ResolveField(() => [Task], { description: 'The tasks that have run for the longest time.' })
  async slowestTasks(_overview: Overview, @Args() { first }: ListArgs, { engine, budget, loaders }: ApiContext): Promise<readonly Task[]> {
    const { items } = await engine.reader.tasks(
      { status: ['IN_PROGRESS'], ofOpenJobs: true },
      { first: pageSize(first, 100), order: 'RUNNING_LONGEST' },
    );
    budget.take(items.length);
    loaders.remember(items);
    return items.map((view) => new Task(view, 'preview'));
  }
}
