import type { Duration } from '@taskloom/core';

import type { ApiContext } from '../api-context.js';
import { CreateScheduleArgs } from '../args/create-schedule.args.js';
import { IdArgs } from '../args/id.args.js';
import { Args, Mutation, Query, Resolver } from '../decorators.js';
import { checkedScheduleId } from '../ids.js';
import { toJobOptions } from '../inputs/to-job-submission.js';
import { present } from '../present.js';
import { Schedule } from '../types/schedule.type.js';

@Resolver()
export class ScheduleResolvers {
  @Query(() => [Schedule], { description: 'The schedules, by id.' })
  async schedules(_root: unknown, _args: unknown, { engine, budget }: ApiContext): Promise<readonly Schedule[]> {
    const views = await engine.schedules();
    budget.take(views.length);
    return views.map((view) => new Schedule(view));
  }

  @Query(() => Schedule, { nullable: true, description: 'A schedule, or null where there is none with that id.' })
  async schedule(_root: unknown, @Args() { id }: IdArgs, { engine }: ApiContext): Promise<Schedule | null> {
    const view = await engine.schedule(checkedScheduleId(id));
    return view && new Schedule(view);
  }

  @Mutation(() => Schedule, { description: 'Starts a workflow again and again, every so often or by a cron line.' })
  async createSchedule(_root: unknown, @Args() { input: schedule }: CreateScheduleArgs, { engine }: ApiContext): Promise<Schedule> {
    const { id, workflow, every, input, options, ...times } = schedule;
    const { idempotencyKey: _own, ...jobOptions } = toJobOptions(options);
    return new Schedule(
      await engine.createSchedule({
        id: checkedScheduleId(id),
        workflow,
        // The engine says what is wrong with it.
        ...present({ every: every as Duration | null | undefined }),
        ...present(times),
        ...(input === undefined ? undefined : { input }),
        options: jobOptions,
      }),
    );
  }

  @Mutation(() => Schedule, { description: 'No tick until it is resumed.' })
  async pauseSchedule(_root: unknown, @Args() { id }: IdArgs, { engine }: ApiContext): Promise<Schedule> {
    return new Schedule(await engine.pauseSchedule(checkedScheduleId(id)));
  }

  @Mutation(() => Schedule, { description: 'Goes on with the next tick from now; what was missed is not made up for.' })
  async resumeSchedule(_root: unknown, @Args() { id }: IdArgs, { engine }: ApiContext): Promise<Schedule> {
    return new Schedule(await engine.resumeSchedule(checkedScheduleId(id)));
  }

  @Mutation(() => Boolean, { description: 'Deletes a schedule; jobs that it has started go on. False where there is none.' })
  deleteSchedule(_root: unknown, @Args() { id }: IdArgs, { engine }: ApiContext): Promise<boolean> {
    return engine.deleteSchedule(checkedScheduleId(id));
  }
}
