import { Float, ID, Int } from '@nestjs/graphql';
import type { Durability, FailureStrategy, StatusReason, TaskAddress, TaskStatus, TaskType, TaskView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { DurabilityEnum } from '../enums/durability.enum.js';
import { FailureStrategyEnum } from '../enums/failure-strategy.enum.js';
import { StatusReasonEnum } from '../enums/status-reason.enum.js';
import { TaskStatusEnum } from '../enums/task-status.enum.js';
import { TaskTypeEnum } from '../enums/task-type.enum.js';
import type { PayloadSize } from '../payload-size.js';
import { DateTime, JSONObject } from '../scalars/scalars.js';
import { dateOf } from './date-of.js';
import { Failure } from './failure.type.js';

@ObjectType({ description: 'One node of a job: an agent with an input, dependencies and a place in the hierarchy.' })
export class Task {
  constructor(
    readonly view: TaskView,
    /** How much of inputs and outputs may be shown where this task was reached. */
    readonly payloads: PayloadSize,
  ) {}

  get address(): TaskAddress {
    return { jobId: this.view.jobId, no: this.view.no };
  }

  @Field(() => ID, { description: 'Its id, unique among all jobs.' })
  get id(): string {
    return this.view.id;
  }

  @Field(() => ID, { description: 'Id of its job.' })
  get jobId(): string {
    return this.view.jobId;
  }

  @Field(() => String, { description: 'Its key, unique in its job.' })
  get key(): string {
    return this.view.key;
  }

  @Field(() => TaskTypeEnum, { description: 'Its level in the job.' })
  get type(): TaskType {
    return this.view.type;
  }

  @Field(() => String, { nullable: true, description: 'A free label to filter by.' })
  get kind(): string | null {
    return this.view.kind;
  }

  @Field(() => String, {
    nullable: true,
    description: "Whom it is meant for, in the application's own words: a person, a team, a queue. It gives nobody a right.",
  })
  get assignee(): string | null {
    return this.view.assignee;
  }

  @Field(() => String, { description: 'What people see.' })
  get name(): string {
    return this.view.name;
  }

  @Field(() => String, { nullable: true, description: 'What it is about, in words.' })
  get description(): string | null {
    return this.view.description;
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

  @Field(() => StatusReasonEnum, { nullable: true, description: 'What it waits for while it is BLOCKED.' })
  get blockReason(): StatusReason | null {
    return this.view.status === 'BLOCKED' ? this.view.statusReason : null;
  }

  @Field(() => Failure, { nullable: true, description: 'The error of its latest failed attempt, or why it failed.' })
  get error(): Failure | null {
    return Failure.of(this.view.error);
  }

  @Field(() => String, { nullable: true, description: 'When its result is good enough, in words.' })
  get acceptanceCriteria(): string | null {
    return this.view.acceptanceCriteria;
  }

  @Field(() => Int, { description: '1 to 10, 10 most urgent.' })
  get priority(): number {
    return this.view.priority;
  }

  @Field(() => FailureStrategyEnum, { description: 'What its final failure does to the rest of the job.' })
  get failureStrategy(): FailureStrategy {
    return this.view.failureStrategy;
  }

  @Field(() => JSONObject, { nullable: true, description: 'What its author attached to it.' })
  get metadata(): unknown {
    return this.view.metadata;
  }

  @Field(() => Int, { description: 'How often it was reopened.' })
  get generation(): number {
    return this.view.generation;
  }

  @Field(() => Int, { description: 'Attempts started in this generation.' })
  get attempt(): number {
    return this.view.attempt;
  }

  @Field(() => Int, { nullable: true, description: 'Most attempts it may have.' })
  get maxAttempts(): number | null {
    return this.view.maxAttempts;
  }

  @Field(() => Float, { nullable: true, description: 'Longest time one attempt may run, in milliseconds; 0: no limit.' })
  get timeout(): number | null {
    return this.view.timeoutMs;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'Longest time an attempt may give no sign of life, in milliseconds; 0: no limit.',
  })
  get idleTimeout(): number | null {
    return this.view.idleTimeoutMs;
  }

  @Field(() => DateTime, { nullable: true, description: 'It was submitted to start no earlier.' })
  get runAt(): Date | null {
    return dateOf(this.view.runAt);
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'A READY task starts no earlier, for example while it waits for its next attempt.',
  })
  get availableAt(): Date | null {
    return dateOf(this.view.availableAt);
  }

  @Field(() => Float, { description: 'How far it is, 0 to 100.' })
  get progress(): number {
    return this.view.progress;
  }

  @Field(() => String, { nullable: true, description: 'What its agent said about its progress last.' })
  get progressMessage(): string | null {
    return this.view.progressMessage;
  }

  @Field(() => DurabilityEnum, { description: 'What happens when an attempt is cut off.' })
  get durability(): Durability {
    return this.view.durability;
  }

  @Field(() => DateTime, { nullable: true, description: 'It fails when it has not ended by then.' })
  get deadline(): Date | null {
    return dateOf(this.view.deadline);
  }

  @Field(() => Float, { description: 'What it counts for in the progress of its job.' })
  get weight(): number {
    return this.view.weight;
  }

  @Field(() => JSONObject, { nullable: true, description: 'What it takes of each pool while it runs.' })
  get resources(): unknown {
    return this.view.resources;
  }

  @Field(() => Boolean, { description: 'Whether an operator holds it, and with it what is below it.' })
  get held(): boolean {
    return this.view.held;
  }

  @Field(() => Int, { description: 'How often a review rejected it.' })
  get rejections(): number {
    return this.view.rejections;
  }

  @Field(() => ID, { nullable: true, description: 'Id of the task whose result was used again, in place of a run of the agent.' })
  get cachedFrom(): string | null {
    return this.view.cachedFrom;
  }

  @Field(() => DateTime, { description: 'When it came into its job.' })
  get createdAt(): Date {
    return new Date(this.view.createdAt);
  }

  @Field(() => DateTime, { description: 'When it changed last.' })
  get updatedAt(): Date {
    return new Date(this.view.updatedAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When its first attempt of this generation started.' })
  get startedAt(): Date | null {
    return dateOf(this.view.startedAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  get finishedAt(): Date | null {
    return dateOf(this.view.finishedAt);
  }
}
