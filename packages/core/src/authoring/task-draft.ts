import type { Duration, Moment } from '../kernel/duration.js';
import type { JsonObject } from '../kernel/json.js';
import type { Resources, TaskDemands } from '../model/demands.js';
import type { RetryOptions } from '../model/retry-policy.js';
import type { FailureStrategy } from '../model/task.js';
import type { AgentInputOf, AgentOutputOf, AgentTarget } from './agent-definition.js';
import type { Refable } from './ref.js';

/** Who judges what a task comes to: nobody, a person, or the agent that does. */
export type DraftReview =
  | 'auto'
  | 'manual'
  | { readonly by: 'manual'; readonly maxRejections?: number }
  | { readonly by: 'agent'; readonly agent: AgentTarget; readonly maxRejections?: number };

/** What was said of a task so far. Read only when the graph is compiled. */
export interface TaskDraftData {
  readonly agent: AgentTarget;
  readonly input: unknown;
  key?: string;
  title?: string;
  description?: string;
  kind?: string;
  assignee?: string;
  acceptanceCriteria?: string;
  retry?: RetryOptions | number;
  timeout?: Duration;
  idleTimeout?: Duration;
  deadline?: Moment;
  runAt?: Moment;
  atMostOnce?: true;
  review?: DraftReview;
  useValue?: { readonly value: unknown };
  priority?: number;
  weight?: number;
  demands?: TaskDemands;
  strategy?: FailureStrategy;
  metadata?: JsonObject;
}

/**
 * A task that has no place in a graph yet: an agent, its input and its settings. Made by {@link task} or by a generated
 * builder, placed by `flow.add`. Each setting changes this draft and returns it.
 */
export class TaskDraft<Output = unknown> {
  readonly '~output'?: Output;
  /** @internal */
  readonly data: TaskDraftData;

  constructor(agent: AgentTarget, input: unknown) {
    this.data = { agent, input };
  }

  /** The task's key, unique in its job. Default: the agent's name, numbered where it repeats. */
  named(key: string): this {
    this.data.key = key;
    return this;
  }

  /** What people see instead of the key, and a longer description below it. */
  describedAs(title: string, description?: string): this {
    this.data.title = title;
    if (description !== undefined) this.data.description = description;
    return this;
  }

  /** A free label that can be filtered and counted. */
  ofKind(kind: string): this {
    this.data.kind = kind;
    return this;
  }

  /** Whom the task is meant for, in the application's own words: a label that can be filtered. Its questions are meant for the same. */
  assignedTo(assignee: string): this {
    this.data.assignee = assignee;
    return this;
  }

  /** When the result is good enough, in words. Shown to the agent and to reviewers. */
  acceptedWhen(criteria: string): this {
    this.data.acceptanceCriteria = criteria;
    return this;
  }

  /** Replaces the agent's retry policy for this task. */
  retry(retry: RetryOptions | number): this {
    this.data.retry = retry;
    return this;
  }

  /** Replaces the agent's run timeout for this task; 0 means none. */
  timeout(timeout: Duration): this {
    this.data.timeout = timeout;
    return this;
  }

  /** Replaces the longest time without a sign of life, as the agent sets it, for this task; 0 means none. */
  idleTimeout(timeout: Duration): this {
    this.data.idleTimeout = timeout;
    return this;
  }

  /** The task fails with `DEADLINE_EXCEEDED` when it has not ended by then: a date, an ISO 8601 text or milliseconds since 1970. */
  deadline(moment: Moment): this {
    this.data.deadline = moment;
    return this;
  }

  /** The task does not start before then. */
  runAt(moment: Moment): this {
    this.data.runAt = moment;
    return this;
  }

  /** After a crash or a timeout, when nobody knows what it has done, the task waits for a person instead of running again. */
  atMostOnce(): this {
    this.data.atMostOnce = true;
    return this;
  }

  /**
   * Who judges the output before it counts: a person (`manual`), another agent, or nobody (`auto`). Default: as the task's
   * agent declares. Dependents wait until the task is accepted; rejected, it runs again with the feedback.
   */
  review(review: DraftReview): this {
    this.data.review = review;
    return this;
  }

  /** The output that stands in when the task has failed for good. It must fit the agent's output schema. */
  useValue(value: Output): this {
    this.data.useValue = { value };
    return this;
  }

  /** 1–10, 10 most urgent. Default: the job's priority. */
  priority(priority: number): this {
    this.data.priority = priority;
    return this;
  }

  /** What this task counts for in the progress of its story and job. Default 1. */
  weight(weight: number): this {
    this.data.weight = weight;
    return this;
  }

  /** What this task reserves of the engine's pools while it runs, in place of what its agent reserves: `{ memoryMb: 600 }`. */
  resources(resources: Resources): this {
    return this.demand({ resources });
  }

  /** Named limits of the engine that this task takes a place of, beside those of its agent. */
  limits(...names: readonly string[]): this {
    return this.demand({ limits: names });
  }

  /**
   * Tasks of the same agent and key run one at a time in a process, or as many as the agent's `concurrencyPerKey` says. The
   * key is a text that is known when the graph is laid out; it cannot be a ref.
   */
  concurrencyKey(key: string): this {
    return this.demand({ concurrencyKey: key });
  }

  /** Whether this task runs alone in its process. Default: as its agent says. */
  exclusive(exclusive = true): this {
    return this.demand({ exclusive });
  }

  private demand(demands: TaskDemands): this {
    this.data.demands = { ...this.data.demands, ...demands };
    return this;
  }

  /** What this task's final failure does to the job. Default: as the story above it, else as the job. */
  onFailure(strategy: FailureStrategy): this {
    this.data.strategy = strategy;
    return this;
  }

  /** Anything to be kept with the task and shown to readers. */
  withMetadata(metadata: JsonObject): this {
    this.data.metadata = metadata;
    return this;
  }
}

/** A task for `flow.add` or `flow.map`: an agent and its input, in which refs may stand for values. */
export function task<Target extends AgentTarget>(agent: Target, input: Refable<AgentInputOf<Target>>): TaskDraft<AgentOutputOf<Target>> {
  return new TaskDraft<AgentOutputOf<Target>>(agent, input);
}
