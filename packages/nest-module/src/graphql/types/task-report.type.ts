import { Float, ID, Int } from '@nestjs/graphql';
import type { StatusReason, TaskReport as TaskReportView, TaskStatus, TaskType } from '@taskloom/core';

import { toAttempts } from '../attempts-of.js';
import { Field, ObjectType } from '../decorators.js';
import { StatusReasonEnum } from '../enums/status-reason.enum.js';
import { TaskStatusEnum } from '../enums/task-status.enum.js';
import { TaskTypeEnum } from '../enums/task-type.enum.js';
import { MAX_PAGE } from '../page-size.js';
import { Attempt } from './attempt.type.js';
import { Cost, toCosts } from './cost.type.js';
import { Failure } from './failure.type.js';

@ObjectType({ description: 'What became of one task of a job.' })
export class TaskReport {
  @Field(() => [Attempt], { description: 'The runs of its agent, latest first, 100 at most.' })
  readonly attempts: readonly Attempt[];

  constructor(private readonly view: TaskReportView) {
    this.attempts = toAttempts(view, view.runs)
      .slice(-MAX_PAGE)
      .toReversed()
      .map((attempt) => new Attempt(attempt));
  }

  @Field(() => ID, { description: 'Id of the task.' })
  get taskId(): string {
    return this.view.id;
  }

  @Field(() => String, { description: 'Its key, unique in its job.' })
  get key(): string {
    return this.view.key;
  }

  @Field(() => String, { description: 'What people see.' })
  get name(): string {
    return this.view.name;
  }

  @Field(() => TaskTypeEnum, { description: 'Its level in the job.' })
  get type(): TaskType {
    return this.view.type;
  }

  @Field(() => String, { nullable: true, description: 'Name of its agent, null for a task that stands for its children.' })
  get agent(): string | null {
    return this.view.agent;
  }

  @Field(() => TaskStatusEnum, { description: 'Where it stands.' })
  get status(): TaskStatus {
    return this.view.status;
  }

  @Field(() => StatusReasonEnum, { nullable: true, description: 'Why it stands there, for BLOCKED, SKIPPED, CANCELLED and FAILED.' })
  get statusReason(): StatusReason | null {
    return this.view.statusReason;
  }

  @Field(() => String, { nullable: true, description: 'What the reason means in this case, in words.' })
  get statusMessage(): string | null {
    return this.view.statusMessage;
  }

  @Field(() => Failure, { nullable: true, description: 'The error of its latest failed attempt, or why it failed.' })
  get error(): Failure | null {
    return Failure.of(this.view.error);
  }

  @Field(() => String, { nullable: true, description: 'What it came to, in a few sentences. Finished tasks have one.' })
  get summary(): string | null {
    return this.view.summary;
  }

  @Field(() => Int, { description: 'Attempts started in its latest generation; 0: it never ran.' })
  get attempt(): number {
    return this.view.attempts;
  }

  @Field(() => Float, { description: 'Milliseconds in which its agent ran, over all runs.' })
  get ranMs(): number {
    return this.view.ranMs;
  }

  @Field(() => [Cost], { description: 'What it has spent itself, over all runs, by unit; empty for nothing.' })
  get cost(): readonly Cost[] {
    return toCosts(this.view.cost);
  }

  @Field(() => [Cost], { description: 'With what the tasks below it have, of those that are told of.' })
  get totalCost(): readonly Cost[] {
    return toCosts(this.view.totalCost);
  }
}
