import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { Grant } from '../ledger/committed.js';
import type { AgentRoute } from '../model/agent-choice.js';
import type { AgentFact } from '../model/agent-facts.js';
import type { NewTask } from '../model/command.js';
import type { Cost } from '../model/cost.js';
import type { JsonText } from '../model/event.js';
import type { TaskSpec } from '../model/task.js';
import type { EntryBound } from '../ports/key-value-store.js';
import type { Logger } from '../ports/logger.js';
import type { Store, StoredDigest, StoredJobContext } from '../ports/store.js';
import type { Attempt } from './attempt.js';
import type { DependencyConflictHook } from './dependency-conflict.js';
import { Memo } from './memo.js';
import type { Publication } from './publications.js';
import { WaitGatherer } from './wait-gatherer.js';

/** What a context needs of the executor: the store to read from, and the ledger's ear. */
export interface ContextServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outputBytes: number;
  /** Most of what all caches hold. */
  readonly cacheBound: EntryBound;
  /** Of what `need` is asked with. */
  readonly inputBytes: number;
  /**
   * The agent that is asked where the wanted one is not registered: the same name where nobody knows another.
   *
   * @throws TaskloomError `UNKNOWN_AGENT`, `PLUGIN_FAILED`
   */
  route(
    wanted: string,
    input: Json,
    allowed: ReadonlySet<string> | null,
  ): Promise<{ readonly agent: string; readonly route: AgentRoute | null }>;
  /** The agent that stands behind a target. @throws TaskloomError `UNKNOWN_AGENT` */
  requireAgent(target: AgentTarget): AgentDefinition;
  factOf(agent: string): AgentFact;
  /** Adds a task below the attempt's own. @throws DependencyError; TaskloomError `DYNAMIC_LIMIT` */
  spawn(grant: Grant, task: NewTask): Promise<{ readonly key: string; readonly no: number }>;
  /** Resolves when the message and its deliveries are durable. @throws TaskloomError `DYNAMIC_LIMIT` */
  publish(grant: Grant, publication: Publication): Promise<void>;
  readonly onDependencyConflict: DependencyConflictHook | null;
  reportStream(grant: Grant, text: string): void;
  /** Resolves when the step is durable. */
  recordStep(grant: Grant, name: string, value: JsonText): Promise<void>;
  reportProgress(grant: Grant, percent: number, message: string | null): void;
  /** What the attempt's task has spent by now, by unit. */
  spentBy(grant: Grant): ReadonlyMap<string, number>;
  /** Takes note of what the attempt has spent. */
  spend(grant: Grant, cost: Cost): void;
}

/** What a context tells its agent about. */
export class ContextParts {
  constructor(
    readonly spec: TaskSpec,
    /** Texts: each context reads its own copy. */
    readonly job: StoredJobContext,
    readonly outputs: ReadonlyMap<number, string | null>,
    readonly missing: readonly string[],
    readonly children: readonly StoredDigest[],
    /** What the review said that rejected the generation before. */
    readonly feedback: string | null,
  ) {}
}

/** One run of an agent, as all that its context offers works on it. */
export class Run {
  readonly grant: Grant;
  /** Called when the run has to end to wait. */
  onSuspended: () => void = () => undefined;
  // Most agents use neither.
  private keptMemo: Memo | null = null;
  private keptGatherer: WaitGatherer | null = null;

  constructor(
    readonly attempt: Attempt,
    readonly parts: ContextParts,
    readonly services: ContextServices,
  ) {
    this.grant = attempt.grant;
  }

  /** Whether it has to end to wait. */
  get isWaiting(): boolean {
    return this.keptGatherer !== null && this.keptGatherer.isOpen;
  }

  get gatherer(): WaitGatherer {
    this.keptGatherer ??= new WaitGatherer(this.services.clock, () => {
      this.attempt.end();
      this.onSuspended();
    });
    return this.keptGatherer;
  }

  get memo(): Memo {
    const { jobId, no, generation, attempt, reason } = this.grant;
    this.keptMemo ??= new Memo(this.services.store, jobId, no, generation, attempt === 1 && reason === 'FIRST');
    return this.keptMemo;
  }

  /** What the engine decides by. A clock that was set back does not bring back a moment that has passed in the job. */
  jobTime(): number {
    return Math.max(this.services.clock.now(), this.grant.startedAt);
  }

  heartbeat(): void {
    this.attempt.lastSignAt = this.services.clock.monotonic();
  }

  /** A sign of life, as long as its word counts. @throws TaskloomError `ATTEMPT_ENDED` */
  requireCurrent(): void {
    if (this.attempt.isOver)
      throw new TaskloomError('ATTEMPT_ENDED', `The context of "${this.grant.key}" was used after its attempt had ended.`, {
        details: { task: this.grant.key },
      });
    this.heartbeat();
  }
}
