import type { ApiContext } from '../api-context.js';
import { AlertsArgs } from '../args/alerts.args.js';
import { IdArgs } from '../args/id.args.js';
import { Args, Mutation, Query, Resolver, Subscription } from '../decorators.js';
import { checkedAlertId } from '../ids.js';
import { alertUpdates } from '../live/alert-updates.js';
import { push, type PushedRows } from '../live/push.js';
import { pageSize } from '../page-size.js';
import { present } from '../present.js';
import { Alert } from '../types/alert.type.js';
import { Metrics } from '../types/metrics.type.js';

@Resolver()
export class MonitorResolvers {
  @Query(() => Metrics, {
    description:
      'What the engine of this process has done, and has before it. FORBIDDEN for a caller that does not see all jobs and tasks.',
  })
  metrics(_root: unknown, _args: unknown, { engine }: ApiContext): Metrics {
    return new Metrics(engine.metrics());
  }

  @Query(() => [Alert], { description: 'What is out of bounds, newest first. Alerts that are over are kept for a week.' })
  async alerts(_root: unknown, @Args() { active, first }: AlertsArgs, { engine, budget }: ApiContext): Promise<readonly Alert[]> {
    const views = (await engine.alerts(present({ isActive: active }))).slice(0, pageSize(first, 100));
    budget.take(views.length);
    return views.map((view) => new Alert(view));
  }

  @Mutation(() => Alert, { description: 'Notes that somebody has seen to an alert. Who was first stays.' })
  async acknowledgeAlert(_root: unknown, @Args() { id }: IdArgs, context: ApiContext): Promise<Alert> {
    return new Alert(await context.engine.acknowledgeAlert(checkedAlertId(id), context.control(null)));
  }

  @Subscription(() => Alert, {
    description: 'The alerts that last now, then each one when it is raised, more urgent, acknowledged or over. Does not end.',
  })
  alertRaised(_root: unknown, _args: unknown, { engine, permissions }: ApiContext): PushedRows<Alert> {
    return push(
      (signal) => alertUpdates(engine, signal),
      (view) => new Alert(view),
      permissions,
    );
  }
}
