/* A job played by hand: tasks by key, commands as verbs. For tests that tell one story each. */
import type { Json } from '../../kernel/json.js';
import { isTaskloomError } from '../../errors/taskloom-error.js';
import type { ErrorCode } from '../../errors/error-codes.js';
import { step } from '../../machine/decide.js';
import type { MachineLimits } from '../../machine/machine-limits.js';
import { recount, wake } from '../../machine/recount.js';
import { createJobState, type JobState, type TaskState } from '../../machine/job-state.js';
import type { Command, NewTask } from '../../model/command.js';
import type { JobEvent } from '../../model/event.js';
import type { NewRequest, TimeoutAction } from '../../model/human-request.js';
import { NO_RETRY, type RetryPolicy } from '../../model/retry-policy.js';
import type { TaskSpec } from '../../model/task.js';
import { plainSpec, specsOf, type ObjectiveSketch, type TaskSketch } from './specs.js';

export const WIDE_LIMITS: MachineLimits = {
  tasksPerJob: 1_000_000,
  edgesPerJob: 10_000_000,
  dynamicTasksPerCall: 1_000,
  dynamicTasksPerJob: 10_000,
  depth: 32,
  cascadeAfter: 0,
};

/** Three attempts, half a second apart. */
export const THRICE: RetryPolicy = { maxAttempts: 3, kind: 'fixed', delayMs: 500, maxDelayMs: 60_000, factor: 2, jitter: 0 };

export class Scenario {
  readonly state: JobState = createJobState({
    id: 'job',
    name: 'job',
    workflow: null,
    tenant: 'default',
    maxParallel: null,
    allowedAgents: null,
  });
  readonly events: JobEvent[] = [];
  now = 1_000;

  constructor(
    readonly specs: readonly TaskSpec[],
    private readonly limits: MachineLimits = WIDE_LIMITS,
  ) {
    this.send({ kind: 'submit', specs, actor: 'user' });
  }

  /** The events that the command came to. */
  send(command: Command): JobEvent[] {
    const events = step(this.state, command, this.limits, this.now);
    this.events.push(...events);
    return events;
  }

  /** The code with which the command is refused, `null` when it is taken. */
  refusalOf(command: Command): ErrorCode | null {
    try {
      this.send(command);
      return null;
    } catch (error) {
      if (isTaskloomError(error)) return error.code;
      throw error;
    }
  }

  pass(ms: number): void {
    this.now += ms;
    wake(this.state, this.now);
  }

  // ── verbs ───────────────────────────────────────────────────────────────────────────────────────────────────

  claim(...keys: readonly string[]): JobEvent[] {
    return keys.flatMap((key) => this.send({ kind: 'claim', task: this.no(key) }));
  }

  complete(key: string, value: Extract<Command, { kind: 'complete' }>['value'] = null): JobEvent[] {
    const json = JSON.stringify(value ?? null);
    return this.send({ kind: 'complete', ...this.attemptOf(key), output: { json, bytes: json.length }, summary: null, value });
  }

  fail(
    key: string,
    how: { retryable?: boolean; retry?: RetryPolicy; retryAfterMs?: number; random?: number; timedOut?: boolean } = {},
  ): JobEvent[] {
    return this.send({
      kind: 'fail',
      ...this.attemptOf(key),
      error: { code: 'AGENT_FAILED', message: `${key} failed` },
      timedOut: how.timedOut ?? false,
      retryable: how.retryable ?? true,
      retry: how.retry ?? NO_RETRY,
      retryAfterMs: how.retryAfterMs ?? 0,
      random: how.random ?? 0,
    });
  }

  skip(key: string): JobEvent[] {
    return this.send({ kind: 'skip', ...this.attemptOf(key), message: 'does not apply' });
  }

  /** The attempt ends to wait for new tasks below it. */
  need(key: string, ...questions: readonly string[]): JobEvent[] {
    const tasks = questions.map((question) => newTask(question, 'need'));
    return this.send({ kind: 'suspend', ...this.attemptOf(key), waitFor: 'answers', tasks, alreadyAsked: [] });
  }

  map(key: string, ...items: readonly string[]): JobEvent[] {
    const tasks = items.map((item) => newTask(item, 'map', this.task(key).strategy));
    return this.send({ kind: 'suspend', ...this.attemptOf(key), waitFor: 'children', tasks, alreadyAsked: [] });
  }

  accept(key: string): JobEvent[] {
    return this.send({ kind: 'accept-task', task: this.no(key), reason: null, actor: 'user' });
  }

  reject(key: string): JobEvent[] {
    return this.send({ kind: 'reject-task', task: this.no(key), reason: 'no', actor: 'user' });
  }

  /** A task from outside, below `parent`. */
  add(key: string, parent: string, ...dependsOn: readonly string[]): JobEvent[] {
    const tasks = [{ key, agent: 'work', parent, dependsOn }];
    return this.send({ kind: 'add-tasks', tasks, agents: { agentNames: new Set(['work']) }, actor: 'user' });
  }

  /** The attempt ends to ask a person. */
  ask(key: string, how: { deadline?: number; onTimeout?: TimeoutAction } = {}): JobEvent[] {
    const { deadline = null, onTimeout = 'decide' } = how;
    const request: NewRequest = {
      kind: 'question',
      name: key,
      question: 'What now?',
      about: null,
      schema: null,
      deadline,
      onTimeout,
      assignee: null,
      hash: key,
    };
    return this.send({
      kind: 'suspend',
      ...this.attemptOf(key),
      waitFor: 'answers',
      tasks: [],
      alreadyAsked: [],
      requests: [request],
    });
  }

  answer(request: number, value: Json): JobEvent[] {
    const json = JSON.stringify(value);
    return this.send({ kind: 'answer', request, answer: { json, bytes: json.length }, value, hash: null, actor: 'user' });
  }

  /** The job as a restart would derive it from its rows. */
  restart(): void {
    recount(this.state);
  }

  cancel(): JobEvent[] {
    return this.send({ kind: 'cancel', reason: null, actor: 'user' });
  }

  retry(...keys: readonly string[]): JobEvent[] {
    return this.send({ kind: 'reopen', tasks: keys.length === 0 ? null : keys.map((key) => this.no(key)), reason: null, actor: 'user' });
  }

  /** Starts and completes tasks in the given order. */
  run(...keys: readonly string[]): void {
    for (const key of keys) {
      this.claim(key);
      this.complete(key);
    }
  }

  // ── what is to be seen ──────────────────────────────────────────────────────────────────────────────────────

  no(key: string): number {
    const no = this.state.numberOf.get(key);
    if (no === undefined) throw new Error(`the job has no task ${key}`);
    return no;
  }

  task(key: string): TaskState {
    return this.state.tasks[this.no(key)]!;
  }

  attemptOf(key: string): { task: number; fence: number } {
    const { no, fence } = this.task(key);
    return { task: no, fence };
  }

  /** `READY`, or `BLOCKED(WAITING_CHILDREN)`. */
  at(key: string): string {
    const { status, reason } = this.task(key);
    return reason === null ? status : `${status}(${reason})`;
  }

  /** Where every task stands, by key. */
  all(): { readonly [key: string]: string } {
    return Object.fromEntries(this.state.tasks.map(({ key }) => [key, this.at(key)]));
  }

  /** Where some tasks stand, in the order asked for. */
  where(...keys: readonly string[]): string[] {
    return keys.map((key) => this.at(key));
  }

  typesOf(events: readonly JobEvent[]): string[] {
    return events.map(({ type }) => type);
  }
}

/** A job of a few tasks, submitted. */
export function job(sketches: readonly TaskSketch[], objective: ObjectiveSketch = {}, limits: MachineLimits = WIDE_LIMITS): Scenario {
  return new Scenario(specsOf(sketches, objective), limits);
}

export function newTask(key: string, origin: 'need' | 'map' | 'spawn', strategy: TaskSpec['strategy'] = 'continue'): NewTask {
  const {
    no: _no,
    key: _key,
    parent: _parent,
    ...spec
  } = plainSpec(1, {
    name: key,
    type: 'SUBTASK',
    agent: key,
    strategy,
    origin,
    originKey: origin === 'need' ? key : null,
  });
  return { key, spec };
}
