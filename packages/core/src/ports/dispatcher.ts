import type { AgentDemands, TaskDemands } from '../model/demands.js';

/** A task that may start now. */
export interface ReadyTask {
  readonly jobId: string;
  readonly no: number;
  readonly agent: string;
  /** 1–10, 10 most urgent. */
  readonly priority: number;
  readonly readyAt: number;
  readonly maxParallelInJob: number | null;
  /** Among tasks of equal urgency the one with the earlier deadline goes first. Milliseconds since the epoch. */
  readonly deadline: number | null;
  /** Number of tasks on the longest way from it to the end of its job, itself included. */
  readonly criticalPath: number;
  /** It must run alone in its process, whatever its agent says: it has killed a process before. */
  readonly alone: boolean;
  /** What this task takes in place of, or beside, what its agent takes; `null` for most. */
  readonly demands: TaskDemands | null;
}

/** The limit that a waiting task waits for. */
export interface LimitWait {
  /** `process`, `job:<id>`, `agent:<name>`, `agent-rate:<name>`, `key:<agent>#<key>`, `limit:<name>`, `limit-rate:<name>`, `pool:<name>` or `breaker:<agent>`. */
  readonly limit: string;
  readonly taken: number;
  readonly capacity: number;
  /** How much of it the task needs. */
  readonly demand: number;
  /** When a rate, or a circuit breaker, lets the next task start, in milliseconds since the epoch. */
  readonly until?: number;
}

export const LIMIT_KINDS = ['breaker', 'process', 'job', 'agent', 'key', 'limit', 'pool', 'rate'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** How full a limit is. */
export interface LimitGauge {
  readonly limit: string;
  readonly kind: LimitKind;
  /** Places or units taken; of a rate: starts in the stretch of time that ends now. */
  readonly taken: number;
  readonly capacity: number;
  /** Tasks that wait for this limit. For `process` those that wait for nothing else. */
  readonly waiting: number;
}

/**
 * Carries ready tasks to where they run. The ledger offers them; in each flush it takes as many as there is room for,
 * and each taken task holds its places until `release`.
 */
export interface Dispatcher {
  /** Says what the tasks of an agent take, also of those that wait already. */
  setAgent(agent: string, demands: AgentDemands): void;
  offer(task: ReadyTask): void;
  /**
   * The next task to start, its places taken; `null` when there is no room or nothing to do. An offer may be out of date
   * (the task was cancelled, or offered twice): the ledger checks, and gives the places back.
   */
  take(): ReadyTask | null;
  /** Gives back what `take` took. Default `stopped`: the attempt has really stopped. `never-started` gives back its start as well. */
  release(task: ReadyTask, how?: 'stopped' | 'never-started'): void;
  /** An attempt of an agent has ended, well or not. */
  ended?(agent: string, isFailure: boolean): void;
  /** Which limit an offered task waits for; `null` when it waits for none, or was never offered. */
  waitingFor(jobId: string, no: number): LimitWait | null;
  /** Every limit that is set or in use. */
  gauges(): readonly LimitGauge[];
}
