import type { GraphProblem } from '../errors/graph-error.js';
import type { StoredError } from '../errors/serialize-error.js';
import type { Json } from '../kernel/json.js';
import type { AgentFact, AgentFacts } from './agent-facts.js';
import type { Actor, JsonText, MemoKind } from './event.js';
import type { NewRequest } from './human-request.js';
import type { RetryPolicy } from './retry-policy.js';
import type { TaskSubmission } from './submission.js';
import type { DependencyMode, TaskSpec } from './task.js';

/** A worker's word: it counts only while `fence` is the task's current one. */
interface FromAttempt {
  readonly task: number;
  readonly fence: number;
}

/** What a review came to. */
export interface Verdict {
  readonly accepted: boolean;
  readonly feedback: string | null;
}

/** A task to be added below the one that asks for it. */
export interface NewTask {
  readonly key: string;
  readonly spec: Omit<TaskSpec, 'no' | 'key' | 'parent' | 'dependencies'>;
  /** Keys of tasks of the job that it waits for. */
  readonly after?: readonly { readonly task: string; readonly mode: DependencyMode }[];
}

export interface Submit {
  readonly kind: 'submit';
  /** Nothing runs before a person has confirmed it. */
  readonly confirm?: boolean;
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
  /** The output itself, for conditions of other tasks that read it and for the verdict of a reviewer. */
  readonly value: Json | undefined;
  /** Id of the task whose result was used again. */
  readonly cachedFrom?: string;
  /** What the agent's own predicate says of the output; absent where nobody asked it. */
  readonly verdict?: Verdict | null;
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
  /** `abort`: the failure is final and ends the job, whatever else is said. */
  readonly strategy?: 'abort';
}
/** The agent ended its own task as not applicable. */
export interface Skip extends FromAttempt {
  readonly kind: 'skip';
  readonly message: string;
}
/** The attempt ends to wait for tasks below it (new ones, or ones that it has asked for before), for a person, or for a time. */
export interface Suspend extends FromAttempt {
  readonly kind: 'suspend';
  readonly waitFor: 'answers' | 'children';
  readonly tasks: readonly NewTask[];
  readonly alreadyAsked: readonly number[];
  readonly requests?: readonly NewRequest[];
  /** Names of sleeps that begin now, and when each ends. */
  readonly sleeps?: readonly { readonly name: string; readonly until: number }[];
  /** When the last sleep ends, those begun in earlier rounds included; 0 for none. */
  readonly until?: number;
}
/** The attempt adds tasks below its own and goes on. */
export interface Spawn extends FromAttempt {
  readonly kind: 'spawn';
  readonly tasks: readonly NewTask[];
}
/** The attempt sends a message and goes on: remembered like a step, and one task for each subscriber. */
export interface Publish extends FromAttempt {
  readonly kind: 'publish';
  readonly topic: string;
  /** In the task's memo. */
  readonly name: string;
  /** The input of each delivery. */
  readonly message: Json;
  /** The message as it is remembered. */
  readonly value: JsonText;
  readonly subscribers: readonly Subscriber[];
}
export interface Subscriber {
  readonly agent: string;
  readonly fact: AgentFact;
}
export interface RecordStep extends FromAttempt {
  readonly kind: 'record-step';
  readonly memo: MemoKind;
  readonly name: string;
  readonly value: JsonText;
}
export interface ReportOverdue extends FromAttempt {
  readonly kind: 'report-overdue';
  readonly error: StoredError;
}
export interface ReportStream extends FromAttempt {
  readonly kind: 'report-stream';
  readonly text: string;
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
/** Something in the job is due: a timer, a deadline, a start time. */
export interface Tick {
  readonly kind: 'tick';
}
/** Lets a job that was submitted with `confirm` begin. */
export interface Confirm {
  readonly kind: 'confirm';
  readonly reason?: string | null;
  readonly actor: Actor;
}
/** Tasks from outside. */
export interface AddTasks {
  readonly kind: 'add-tasks';
  readonly tasks: readonly TaskSubmission[];
  /** What the build needs to know of agents. */
  readonly agents: AgentFacts;
  /** What is wrong with them beside their graph; told together with what is wrong with that. Default: nothing. */
  readonly problems?: readonly GraphProblem[];
  readonly reason?: string | null;
  readonly actor: Actor;
}
export interface AddDependency {
  readonly kind: 'add-dependency';
  readonly task: number;
  readonly on: number;
  readonly mode: DependencyMode;
  readonly reason?: string | null;
  readonly actor: Actor;
}
/** A person's word on one task. */
interface FromPerson {
  readonly task: number;
  readonly reason: string | null;
  readonly actor: Actor;
}
/** Holds back the task and everything below it; task 0 is the whole job. */
export interface Hold extends FromPerson {
  readonly kind: 'hold';
}
export interface LiftHold extends FromPerson {
  readonly kind: 'lift-hold';
}
export interface SkipTask extends FromPerson {
  readonly kind: 'skip-task';
}
/** Ends the task and everything below it. */
export interface CancelTask extends FromPerson {
  readonly kind: 'cancel-task';
}
export interface AcceptTask extends FromPerson {
  readonly kind: 'accept-task';
}
export interface RejectTask extends FromPerson {
  readonly kind: 'reject-task';
}
/** Decides what a parked task comes to. */
export interface Resume extends FromPerson {
  readonly kind: 'resume-task';
  readonly as: 'RERUN' | 'COMPLETED' | 'FAILED';
  readonly output: JsonText | null;
  readonly value: Json | undefined;
}
export interface Answer {
  readonly kind: 'answer';
  readonly request: number;
  readonly answer: JsonText;
  readonly value: Json;
  /** Of the question that was read; `null` where the caller does not say. */
  readonly hash: string | null;
  readonly reason?: string | null;
  readonly actor: Actor;
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
  | Submit
  | Claim
  | Complete
  | Fail
  | Skip
  | Suspend
  | Spawn
  | Publish
  | RecordStep
  | ReportProgress
  | ReportOverdue
  | ReportStream
  | Park
  | HandBack
  | Release
  | Recover
  | Tick
  | Confirm
  | AddTasks
  | AddDependency
  | Hold
  | LiftHold
  | SkipTask
  | CancelTask
  | AcceptTask
  | RejectTask
  | Resume
  | Answer
  | Cancel
  | Reopen;
