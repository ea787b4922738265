import type { StoredError } from '../errors/serialize-error.js';
import type { Json } from '../kernel/json.js';
import type { Actor, JsonText } from './event.js';
import type { RetryPolicy } from './retry-policy.js';
import type { TaskSpec } from './task.js';

/** A worker's word: it counts only while `fence` is the task's current one. */
interface FromAttempt {
  readonly task: number;
  readonly fence: number;
}

/** A task to be added below the one that asks for it. */
export interface NewTask {
  readonly key: string;
  readonly spec: Omit<TaskSpec, 'no' | 'key' | 'parent'>;
}

export interface Submit {
  readonly kind: 'submit';
  readonly specs: readonly TaskSpec[];
  readonly actor: Actor;
}
/** Starts an attempt. Sent by the ledger itself when the dispatcher has a place for the task. */
export interface Claim {
  readonly kind: 'claim';
  readonly task: number;
}
export interface Complete extends FromAttempt {
  readonly kind: 'complete';
  readonly output: JsonText | 'children' | null;
  readonly summary: string | null;
  /** The output itself, for conditions of other tasks that read it. */
  readonly value: Json | undefined;
  /** Id of the task whose result was used again. */
  readonly cachedFrom?: string;
}
export interface Fail extends FromAttempt {
  readonly kind: 'fail';
  readonly error: StoredError;
  readonly timedOut: boolean;
  /** Whether the error is one that another attempt may not meet. */
  readonly retryable: boolean;
  readonly retry: RetryPolicy;
  /** Not before this long from now, where the error says so. */
  readonly retryAfterMs: number;
  /** In [0, 1); decides the jitter of the wait. */
  readonly random: number;
}
/** The agent ended its own task as not applicable. */
export interface Skip extends FromAttempt {
  readonly kind: 'skip';
  readonly message: string;
}
/** The attempt ends to wait for tasks below it: new ones, or ones that it has asked for before. */
export interface Suspend extends FromAttempt {
  readonly kind: 'suspend';
  readonly waitFor: 'needs' | 'children';
  readonly tasks: readonly NewTask[];
  readonly alreadyAsked: readonly number[];
}
export interface RecordStep extends FromAttempt {
  readonly kind: 'record-step';
  readonly name: string;
  readonly value: JsonText;
}
export interface ReportProgress extends FromAttempt {
  readonly kind: 'report-progress';
  readonly percent: number;
  readonly message: string | null;
}
/** The agent's code is not in this process; the task waits for it. */
export interface Park extends FromAttempt {
  readonly kind: 'park';
  readonly reason: 'AGENT_UNAVAILABLE' | 'MANUAL';
  readonly message: string;
}
/** The engine is stopping: the attempt is over, without a failure, and the task goes on at the next start. */
export interface HandBack extends FromAttempt {
  readonly kind: 'hand-back';
}
/** An agent was registered: its waiting tasks may go on. */
export interface Release {
  readonly kind: 'release';
  readonly agent: string;
}
/** The process that ran this job died; its attempts are over. */
export interface Recover {
  readonly kind: 'recover';
}
export interface Cancel {
  readonly kind: 'cancel';
  readonly reason: string | null;
  readonly actor: Actor;
}
export interface Reopen {
  readonly kind: 'reopen';
  /** Task numbers; `null`: what failed, was cancelled or was skipped by a failure. */
  readonly tasks: readonly number[] | null;
  readonly reason: string | null;
  readonly actor: Actor;
}

export type Command =
  Submit | Claim | Complete | Fail | Skip | Suspend | RecordStep | ReportProgress | Park | HandBack | Release | Recover | Cancel | Reopen;
