import type { Clock } from '../kernel/clock.js';
import type { AgentDemands, Rate } from '../model/demands.js';
import { LIMIT_KINDS, type ReadyTask } from '../ports/dispatcher.js';
import type { JobShare } from './job-share.js';
import { CircuitBreaker, type BreakerRule } from './circuit-breaker.js';
import { NO_NEEDS, PlaceLimit, type Limit, type Need } from './limit.js';
import { RateLimit } from './rate-limit.js';

/** A limit that agents and tasks name to share it. */
export interface NamedLimit {
  readonly concurrency: number | null;
  readonly rate: Rate | null;
}

export interface LimitsOptions {
  readonly clock: Clock;
  /** Capacity of each pool. */
  readonly pools: { readonly [name: string]: number };
  readonly namedLimits: { readonly [name: string]: NamedLimit };
  /** Of every agent; `null`: none. */
  readonly breaker: BreakerRule | null;
  readonly breakerChanged: (breaker: CircuitBreaker) => void;
}

interface AgentPlan {
  readonly demands: AgentDemands;
  /** What a task takes that demands nothing of its own. */
  readonly needs: readonly Need[];
}

const NO_POOLS: NonNullable<AgentDemands['resources']> = {};

/** Every limit but that of the process, by name, and which of them a task takes of. */
export class Limits {
  private readonly byName = new Map<string, Limit>();
  private readonly agents = new Map<string, AgentPlan>();

  constructor(private readonly options: LimitsOptions) {
    for (const [name, capacity] of Object.entries(options.pools)) this.setPlaces(`pool:${name}`, 'pool', capacity);
    for (const [name, { concurrency, rate }] of Object.entries(options.namedLimits)) {
      if (concurrency !== null) this.setPlaces(`limit:${name}`, 'limit', concurrency);
      if (rate !== null) this.setRate(`limit-rate:${name}`, rate);
    }
  }

  /** Says what tasks of an agent take, also those that wait already. */
  setAgent(agent: string, demands: AgentDemands): void {
    if (demands.concurrency !== null) this.setPlaces(`agent:${agent}`, 'agent', demands.concurrency);
    if (demands.rate !== null) this.setRate(`agent-rate:${agent}`, demands.rate);
    this.setBreaker(agent);
    const needs = this.collect(agent, demands, null);
    // A key's limit lasts only as long as somebody takes of it, so it cannot be noted down.
    if (needs.length > 0 || demands.exclusive || demands.concurrencyKey !== null || demands.concurrencyPerKey > 1)
      this.agents.set(agent, { demands, needs: demands.concurrencyKey === null ? needs : NO_NEEDS });
    else this.agents.delete(agent);
    this.forgetIdle(needs);
  }

  /** What a task takes, in the one order in which limits are taken. Allocates nothing for a task without demands of its own. */
  needsOf(task: ReadyTask, job: JobShare): readonly Need[] {
    const plan = this.agents.get(task.agent);
    const isPlain = task.demands === null && (plan === undefined || plan.demands.concurrencyKey === null);
    const needs = isPlain ? (plan?.needs ?? NO_NEEDS) : this.collect(task.agent, plan?.demands ?? null, task);
    if (job.limit === null) return needs;
    const ofJob = { limit: job.limit, amount: 1 };
    return needs.length === 0 ? [ofJob] : [ofJob, ...needs];
  }

  isExclusive(task: ReadyTask): boolean {
    return task.alone || (task.demands?.exclusive ?? this.agents.get(task.agent)?.demands.exclusive ?? false);
  }

  /** Limits that nobody has set (those of keys) last only as long as somebody takes of them or waits for them. */
  forgetIdle(needs: readonly Need[]): void {
    for (const { limit } of needs) if (limit.kind === 'key' && limit instanceof PlaceLimit && limit.isIdle) this.byName.delete(limit.name);
  }

  all(): Iterable<Limit> {
    return this.byName.values();
  }

  private collect(agent: string, ofAgent: AgentDemands | null, task: ReadyTask | null): readonly Need[] {
    const demands = task?.demands ?? null;
    const needs: Need[] = [];
    const add = (name: string, amount = 1): void => {
      const limit = this.byName.get(name);
      // Checked when it was submitted; the capacity may be another one since the last start. A limit never fails a task.
      if (limit && !needs.some((need) => need.limit === limit)) needs.push({ limit, amount: Math.min(amount, limit.most) });
    };
    add(`breaker:${agent}`);
    if (ofAgent && ofAgent.concurrency !== null) add(`agent:${agent}`);
    if (ofAgent?.rate) add(`agent-rate:${agent}`);
    const key = demands?.concurrencyKey ?? ofAgent?.concurrencyKey ?? null;
    if (key !== null) {
      const name = `key:${agent}#${key}`;
      if (!this.byName.has(name)) this.setPlaces(name, 'key', ofAgent?.concurrencyPerKey ?? 1);
      add(name);
    }
    for (const name of [...(ofAgent?.limits ?? []), ...(demands?.limits ?? [])]) {
      add(`limit:${name}`);
      add(`limit-rate:${name}`);
    }
    for (const [pool, amount] of Object.entries(demands?.resources ?? ofAgent?.resources ?? NO_POOLS)) add(`pool:${pool}`, amount);
    return needs.length < 2 ? needs : needs.sort(inOrder);
  }

  breakerOf(agent: string): CircuitBreaker | null {
    const limit = this.byName.get(`breaker:${agent}`);
    return limit instanceof CircuitBreaker ? limit : null;
  }

  private setBreaker(agent: string): void {
    const { breaker, clock, breakerChanged } = this.options;
    const name = `breaker:${agent}`;
    if (breaker && !agent.startsWith('$') && !this.byName.has(name))
      this.byName.set(name, new CircuitBreaker(name, breaker, clock, breakerChanged));
  }

  private setPlaces(name: string, kind: Limit['kind'], capacity: number): void {
    const known = this.byName.get(name);
    if (known instanceof PlaceLimit) known.capacity = capacity;
    else this.byName.set(name, new PlaceLimit(name, kind, capacity));
  }

  private setRate(name: string, rate: Rate): void {
    this.byName.set(name, new RateLimit(name, rate, this.options.clock));
  }
}

/** One order for all: two tasks that each hold what the other one waits for cannot come about. */
function inOrder(a: Need, b: Need): number {
  return LIMIT_KINDS.indexOf(a.limit.kind) - LIMIT_KINDS.indexOf(b.limit.kind) || (a.limit.name < b.limit.name ? -1 : 1);
}
