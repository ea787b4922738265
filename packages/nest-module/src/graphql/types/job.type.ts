import { Float, ID, Int } from '@nestjs/graphql';
import type { FailureStrategy, JobStatus, JobView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { FailureStrategyEnum } from '../enums/failure-strategy.enum.js';
import { JobStatusEnum } from '../enums/job-status.enum.js';
import type { PayloadSize } from '../payload-size.js';
import { DateTime, JSONObject } from '../scalars/scalars.js';
import { dateOf } from './date-of.js';
import { Failure } from './failure.type.js';
import { TaskCounts } from './task-counts.type.js';

@ObjectType({ description: 'One run of a workflow or of an explicit graph of tasks. Durable: it goes on after a restart.' })
export class Job {
  constructor(
    readonly view: JobView,
    /** How much of inputs and outputs may be shown where this job was reached. */
    readonly payloads: PayloadSize,
  ) {}

  @Field(() => ID, { description: 'Its id.' })
  get id(): string {
    return this.view.id;
  }

  @Field(() => String, { description: "Its name; for a workflow's job the workflow's name." })
  get name(): string {
    return this.view.name;
  }

  @Field(() => String, { nullable: true, description: 'Name of the workflow it runs, null for an explicit graph.' })
  get workflow(): string | null {
    return this.view.workflow;
  }

  @Field(() => JobStatusEnum, { description: 'Where it stands.' })
  get status(): JobStatus {
    return this.view.status;
  }

  @Field(() => Boolean, { nullable: true, description: 'Null until it has ended; then whether it completed and nothing in it failed.' })
  get success(): boolean | null {
    return this.view.success;
  }

  @Field(() => Failure, { nullable: true, description: 'Why it failed.' })
  get error(): Failure | null {
    return Failure.of(this.view.error);
  }

  @Field(() => Float, { description: 'How far it is, 0 to 100, by the weights of its tasks and what those that run report.' })
  get progress(): number {
    return this.view.progress;
  }

  @Field(() => TaskCounts, { description: 'How many of its tasks stand where.' })
  get counts(): TaskCounts {
    return new TaskCounts(this.view.counts);
  }

  @Field(() => Int, { description: 'Priority of tasks that name none: 1 to 10, 10 most urgent.' })
  get priority(): number {
    return this.view.priority;
  }

  @Field(() => Int, { nullable: true, description: 'Most tasks of it that run at the same time; null: no limit of its own.' })
  get maxParallel(): number | null {
    return this.view.maxParallel;
  }

  @Field(() => FailureStrategyEnum, { description: 'What a final failure does where the task does not say.' })
  get failureStrategy(): FailureStrategy {
    return this.view.failureStrategy;
  }

  @Field(() => JSONObject, { nullable: true, description: 'What its caller attached to it.' })
  get metadata(): unknown {
    return this.view.metadata;
  }

  @Field(() => Int, { description: 'How often it was reopened.' })
  get generation(): number {
    return this.view.generation;
  }

  @Field(() => DateTime, { nullable: true, description: 'Nothing of it runs before then.' })
  get runAt(): Date | null {
    return dateOf(this.view.runAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'It fails when it has not ended by then.' })
  get deadline(): Date | null {
    return dateOf(this.view.deadline);
  }

  @Field(() => DateTime, { description: 'When it was accepted.' })
  get createdAt(): Date {
    return new Date(this.view.createdAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When its first task started.' })
  get startedAt(): Date | null {
    return dateOf(this.view.startedAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  get finishedAt(): Date | null {
    return dateOf(this.view.finishedAt);
  }

  @Field(() => Int, { description: 'Number of its latest event: pass it as `afterSeq` to hear only what comes next.' })
  get lastSeq(): number {
    return this.view.lastSeq;
  }
}
