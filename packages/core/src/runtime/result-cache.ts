import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { CachePolicy } from '../authoring/cache-options.js';
import { defaultSummary } from '../context/default-summary.js';
import { inLog } from '../errors/in-log.js';
import { hashJson } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { taskIdOf } from '../kernel/ids.js';
import { byteLength, findJsonProblem, type Json, type JsonObject } from '../kernel/json.js';
import type { Grant } from '../ledger/committed.js';
import type { TaskSpec } from '../model/task.js';
import type { EntryAddress, EntryBound } from '../ports/key-value-store.js';
import type { Logger } from '../ports/logger.js';
import type { Store } from '../ports/store.js';
import type { Attempt } from './attempt.js';
import { entryScopes } from './entry-scopes.js';
import type { Outcome } from './outcome.js';
import { SingleFlight } from './single-flight.js';

export interface ResultCacheOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bound: EntryBound;
  /** Run timeout of agents that set none; 0 means none. */
  readonly defaultTimeoutMs: number;
}

/** An attempt that is about to call its agent. */
export interface CacheRequest {
  readonly attempt: Attempt;
  readonly spec: TaskSpec;
  readonly definition: AgentDefinition;
  /** Its input, refs resolved. */
  readonly value: Json | undefined;
  /** Whether the run sees more than its input: tasks below it, or holes that nothing fills. */
  readonly seesMore: boolean;
}

/** A result as it is kept. */
interface KeptResult {
  readonly output: Json;
  /** `null`: the default one, which names the task. */
  readonly summary: string | null;
  /** The task that worked it out. */
  readonly from: string;
}

type Completed = Extract<Outcome, { kind: 'completed' }>;

/** Longest wait for another task of an agent without a run timeout. */
const WAIT_MS = 300_000;
const OVER: Outcome = { kind: 'handed-back' };

/**
 * The step of an attempt before its agent is called: a result of the same agent, version and input is used again, and of
 * several tasks that want the same at the same time one runs while the others wait for it.
 *
 * Who waits keeps its place, and so waits only for work that goes on: as soon as the one that runs fails, is suspended,
 * cancelled or timed out, the next one runs itself; and it waits no longer than its own run timeout (300 s where it has
 * none). A task in a later generation never gets an earlier result: somebody was not content with that.
 */
export class ResultCache {
  private readonly flights: SingleFlight<KeptResult>;

  constructor(private readonly options: ResultCacheOptions) {
    this.flights = new SingleFlight(options.clock);
  }

  /** The outcome of the request: a kept result, or what `run` comes to. */
  async outcomeOf(request: CacheRequest, policy: CachePolicy, run: () => Promise<Outcome>): Promise<Outcome> {
    const address = request.seesMore ? null : this.addressOf(request, policy);
    if (!address) return run();
    if (request.attempt.grant.generation > 1) {
      await this.quietly(request, ({ store, clock }) => store.entries.delete(address, clock.now()));
      return this.lead(request, address, policy, run);
    }
    return this.reuseOrRun(request, address, policy, run);
  }

  private async reuseOrRun(
    request: CacheRequest,
    address: EntryAddress,
    policy: CachePolicy,
    run: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const { attempt } = request;
    const id = idOf(address);
    while (!attempt.isOver) {
      const found = this.flights.isUnderWay(id)
        ? await this.flights.wait(id, this.waitMsOf(request), attempt.signal)
        : await this.read(request, address);
      if (found === 'gave-up') break;
      if (found) return reuse(request.spec, found);
      // Others may have looked at the same moment, and been faster.
      if (!this.flights.isUnderWay(id)) return this.lead(request, address, policy, run);
    }
    return attempt.isOver ? OVER : this.lead(request, address, policy, run);
  }

  private async lead(request: CacheRequest, address: EntryAddress, policy: CachePolicy, run: () => Promise<Outcome>): Promise<Outcome> {
    const flight = this.flights.begin(idOf(address));
    const end = (): void => {
      flight?.land(null);
      flight?.forget();
    };
    const { attempt } = request;
    attempt.signal.addEventListener('abort', end, { once: true });
    try {
      const outcome = await run();
      const result = attempt.isOver ? null : keptOf(request, outcome);
      if (result) {
        flight?.land(result);
        // From then on it is found in the store; nobody has to wait for that.
        void this.keep(request, address, result, policy.ttlMs).then(end);
      } else end();
      return outcome;
    } catch (error) {
      end();
      throw error;
    } finally {
      attempt.signal.removeEventListener('abort', end);
    }
  }

  private addressOf({ attempt, spec, definition, value }: CacheRequest, { scope, keyOf }: CachePolicy): EntryAddress | null {
    const { grant } = attempt;
    try {
      const key = hashJson({ agent: definition.name, version: definition.version, ...identityOf(value ?? null, keyOf) });
      return { tenant: grant.tenant, scope: scope === 'job' ? entryScopes.jobResults(grant.jobId) : entryScopes.globalResults, key };
    } catch (error) {
      this.warn(grant, `No result is reused: the function \`cache.key\` of "${definition.name}" failed.`, error, spec);
      return null;
    }
  }

  private read(request: CacheRequest, address: EntryAddress): Promise<KeptResult | null> {
    return this.quietly(request, async ({ store, clock }) => {
      const entry = await store.entries.get(address, clock.now());
      return entry ? (JSON.parse(entry.value) as KeptResult) : null;
    });
  }

  private async keep(request: CacheRequest, address: EntryAddress, result: KeptResult, ttlMs: number): Promise<void> {
    await this.quietly(request, ({ store, clock, bound }) => {
      const now = clock.now();
      return store.entries.put(address, { value: JSON.stringify(result), expiresAt: now + ttlMs, bound }, now);
    });
  }

  /** A cache that cannot be read or written is no reason for a task to fail. */
  private async quietly<T>({ attempt, spec }: CacheRequest, work: (options: ResultCacheOptions) => Promise<T>): Promise<T | null> {
    try {
      return await work(this.options);
    } catch (error) {
      this.warn(attempt.grant, 'The result cache could not be used.', error, spec);
      return null;
    }
  }

  private warn({ jobId }: Grant, message: string, error: unknown, { key }: TaskSpec): void {
    this.options.logger.warn(message, { jobId, task: key, ...inLog(error) });
  }

  private waitMsOf({ spec, definition }: CacheRequest): number {
    return (spec.overrides?.timeoutMs ?? definition.timeoutMs ?? this.options.defaultTimeoutMs) || WAIT_MS;
  }
}

/** What tells this input from others. The function of the application gets a copy. */
function identityOf(value: Json, keyOf: CachePolicy['keyOf']): JsonObject {
  if (!keyOf) return { input: value };
  const key = keyOf(structuredClone(value));
  const problem = findJsonProblem(key);
  if (problem) throw new TypeError(`it returned no JSON: ${problem.reason}`);
  return { key };
}

function idOf({ tenant, scope, key }: EntryAddress): string {
  return `${tenant}\n${scope}\n${key}`;
}

function keptOf({ attempt, spec }: CacheRequest, outcome: Outcome): KeptResult | null {
  if (outcome.kind !== 'completed' || outcome.output === null || outcome.output === 'children') return null;
  const output = JSON.parse(outcome.output.json) as Json;
  const isDefault = outcome.summary === null || outcome.summary === summaryOf(spec, output);
  return { output, summary: isDefault ? null : outcome.summary, from: taskIdOf(attempt.grant.jobId, attempt.grant.no) };
}

function reuse(spec: TaskSpec, { output, summary, from }: KeptResult): Completed {
  const json = JSON.stringify(output);
  return {
    kind: 'completed',
    output: { json, bytes: byteLength(json) },
    value: output,
    summary: summary ?? summaryOf(spec, output),
    cachedFrom: from,
  };
}

function summaryOf({ name, key }: TaskSpec, output: Json): string {
  return defaultSummary({ taskName: name.trim() || key, output, children: [] });
}
