import type { StoredError } from '../errors/serialize-error.js';
import type { Json } from '../kernel/json.js';
import type { EventView } from '../model/event.js';
import type { JobOptions } from '../model/job.js';

/** The version of this contract. A plugin that was made for another one is refused at boot. */
export const PLUGIN_API = 1;

/** What somebody asks to be done, before it is planned or checked. */
export interface SubmitRequest {
  /** `null` for a graph of the caller's own. */
  readonly workflow: string | null;
  readonly name: string;
  readonly input: Json;
  readonly options: JobOptions;
}

/** A run of an agent, as its hooks see it. */
export interface PluginAttempt {
  readonly jobId: string;
  readonly tenant: string;
  readonly workflow: string | null;
  readonly taskId: string;
  readonly taskKey: string;
  readonly agent: string;
  /** From 1 in each generation of the task. */
  readonly number: number;
}

/** What is asked to be cancelled: a whole job, or a task and what is below it. */
export interface CancelRequest {
  readonly jobId: string;
  readonly taskId: string | null;
  readonly reason: string | null;
  readonly actor: string;
}

/** Says no: the request is refused (`PLUGIN_VETO`), a task about to start waits for a person (`BLOCKED`, `MANUAL`). */
export interface Veto {
  readonly veto: string;
}

type Maybe<T> = T | undefined | void | Promise<T | undefined | void>;

/**
 * What a plugin may do, and when. A hook that returns nothing changes nothing. What it is given is frozen. No hook runs
 * inside a transaction, and none holds up anything but what it is asked about.
 *
 * One that throws, gives garbage or takes longer than the plugin's `timeout` is named in the log and passed over; that of a
 * plugin that is `required` refuses instead, or is told the event again.
 *
 * `before…` hooks run in the order of the plugins, each on what the one before has left. `after…` hooks and `onEvent` follow
 * the log of every job: each event in order, at least once, also those of a process that died; one event at a time.
 */
export interface PluginHooks<Host> {
  /** The engine runs: the place to begin work of one's own. */
  started?(host: Host): Maybe<never>;
  /** The engine is about to stop; running attempts have not been told yet. */
  beforeStop?(): Maybe<never>;
  /** The engine has stopped, its store is closed. */
  afterStop?(): Maybe<never>;

  beforeSubmit?(request: SubmitRequest): Maybe<Veto | { readonly input?: Json; readonly options?: JobOptions }>;
  /** `input` is what the agent is about to be given, before its schema checks it. */
  beforeStart?(attempt: PluginAttempt, input: Json | undefined): Maybe<Veto | { readonly input: Json }>;
  /** `output` is what the agent returned, before its schema checks it. */
  beforeComplete?(attempt: PluginAttempt, output: unknown): Maybe<{ readonly output: unknown }>;
  /** `retryable`: whether another attempt may help, as far as the agent's retry policy leaves any. */
  beforeFail?(
    attempt: PluginAttempt,
    failure: { readonly error: StoredError; readonly retryable: boolean },
  ): Maybe<{ readonly retryable: boolean }>;
  /** The attempt ends to wait for something. */
  beforeBlock?(attempt: PluginAttempt, reason: string): Maybe<never>;
  beforeCancel?(request: CancelRequest): Maybe<Veto>;

  afterSubmit?(event: EventView): Maybe<never>;
  afterStart?(event: EventView): Maybe<never>;
  afterComplete?(event: EventView): Maybe<never>;
  afterFail?(event: EventView): Maybe<never>;
  afterBlock?(event: EventView): Maybe<never>;
  afterCancel?(event: EventView): Maybe<never>;
  /** Every event, before the `after…` hook that it may have. */
  onEvent?(event: EventView): Maybe<never>;
}

/** A plugin as `definePlugin` makes it. */
export interface Plugin<Host = unknown, Contribution = unknown> {
  readonly kind: 'plugin';
  readonly api: number;
  readonly name: string;
  /** Whether the engine refuses to go on without it. */
  readonly required: boolean;
  /** Names of plugins whose hooks run before this one's, where they are there. */
  readonly after: readonly string[];
  readonly timeoutMs: number;
  readonly hooks: PluginHooks<Host>;
  readonly contributes: Contribution;
}
