import { IdleDispatcher } from '../dispatch/idle-dispatcher.js';
import { LocalDispatcher } from '../dispatch/local-dispatcher.js';
import { inLog } from '../errors/in-log.js';
import { newEngineId } from '../kernel/ids.js';
import { ScopedClock } from '../kernel/scoped-clock.js';
import { Ledger } from '../ledger/ledger.js';
import { TextRedactor } from '../ledger/text-redactor.js';
import type { EngineIdentity } from '../model/engine-identity.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { EngineReader } from '../ports/reader.js';
import { sharedStore, type Announcement, type Store } from '../ports/store.js';
import { EventHub } from '../runtime/event-hub.js';
import { Executor } from '../runtime/executor.js';
import { FailureRules } from '../runtime/failure-rules.js';
import { PluginRunner } from '../runtime/plugin-runner.js';
import { Registry } from '../runtime/registry.js';
import { News } from '../services/news.js';
import { PluginFeed } from '../services/plugin-feed.js';
import { Retention } from '../services/retention.js';
import { ScheduleEntries } from '../services/schedule-entries.js';
import { Scheduler, type SchedulerOptions } from '../services/scheduler.js';
import { Timers } from '../services/timers.js';
import { askPlanner } from './ask-planner.js';
import { breakerLog } from './breaker-log.js';
import { retryRules } from './define-plugin.js';
import { JobControl } from './job-control.js';
import { MissingAgents } from './missing-agents.js';
import type { ParsedEngineOptions } from './options.js';
import { Oversight } from './oversight.js';
import { readerWithDefaults } from './reader-with-defaults.js';
import { redactedStore } from './redacted-store.js';
import { Routing } from './routing.js';
import { ScheduleControl } from './schedule-control.js';
import { createStore } from './store-options.js';
import { StoredStates } from './stored-states.js';
import { Submitter } from './submit.js';

/** What an engine is made of. */
export interface Parts {
  readonly identity: EngineIdentity;
  readonly options: ParsedEngineOptions;
  readonly clock: ScopedClock;
  readonly store: Store;
  readonly registry: Registry;
  readonly hub: EventHub;
  readonly dispatcher: Dispatcher;
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly timers: Timers;
  readonly reader: EngineReader;
  readonly storedStates: StoredStates;
  readonly submitter: Submitter;
  readonly control: JobControl;
  readonly missingAgents: MissingAgents;
  readonly plugins: PluginRunner;
  readonly feeds: readonly PluginFeed[];
  readonly retention: Retention;
  readonly oversight: Oversight;
  readonly scheduler: Scheduler;
  readonly scheduling: ScheduleControl;
  /** What other engines on the store do; `null` where there are none. */
  readonly news: News | null;
}

/**
 * Makes the parts of an engine and puts them together. Nothing is opened and nothing runs yet.
 *
 * @param startWorkflow how a schedule starts its jobs
 */
export function assemble(options: ParsedEngineOptions, startWorkflow: SchedulerOptions['start']): Parts {
  const { logger, limits, runTasks } = options;
  const clock = new ScopedClock(options.clock);
  const redactor = options.redactText && new TextRedactor(options.redactText);
  const redact = (text: string): string => redactor?.text(text) ?? text;
  const identity = { id: newEngineId(), name: redact(options.name) };
  const registry = new Registry();
  const hub = new EventHub();
  const plainStore = createStore(options.store);
  const store = redactor ? redactedStore(plainStore, redactor) : plainStore;
  const shared = sharedStore(store);
  const plugins = new PluginRunner({ plugins: options.plugins, clock, logger });
  const routing = new Routing({ plugins: options.plugins, registry, clock, logger, redact });
  const dispatcher = dispatcherOf(options, clock, () => ledger.nudge());
  const ledger: Ledger = new Ledger({
    store,
    dispatcher,
    clock,
    logger,
    limits: { ...limits, cascadeAfter: options.guards.cascadeAfter },
    redactor,
    ...(runTasks ? undefined : { keeps: (jobId) => hub.watchesTasks(jobId) }),
  });
  const executor = new Executor({
    registry,
    store,
    ledger,
    dispatcher,
    clock,
    logger,
    summarizer: options.summarizer,
    defaultTimeoutMs: options.timeoutMs,
    graceMs: options.graceMs,
    inputBytes: limits.resolvedInputBytes,
    literalInputBytes: limits.inputBytes,
    outputBytes: limits.outputBytes,
    cacheBound: options.cache,
    onDependencyConflict: options.onDependencyConflict,
    plugins,
    route: (wanted, input, allowed) => routing.agent(wanted, input, allowed),
    failureRules: new FailureRules(retryRules(options.plugins), logger),
    planner: options.planner === null ? null : askPlanner(ledger, registry, options.planner, logger),
  });
  const timers = new Timers(ledger, clock);
  const submitter = new Submitter({ registry, store, ledger, clock, limits, capacities: options, routing });
  const reader = readerWithDefaults(() => store.reader, registry, options.timeoutMs);
  const storedStates = new StoredStates(store);
  const control = new JobControl({
    ledger,
    registry,
    reader,
    limits,
    capacities: options,
    onDependencyConflict: options.onDependencyConflict,
    plugins,
    routing,
    stored: storedStates,
  });
  const announce = (what: Announcement) => (): void => {
    shared
      ?.announce(what)
      .catch((error: unknown) => logger.debug('Other engines could not be told; they look by themselves.', { what, ...inLog(error) }));
  };
  const oversight = new Oversight({
    monitor: options.monitor,
    store,
    ledger,
    dispatcher,
    clock,
    logger,
    runsTasks: runTasks,
    announce: announce('alerts'),
  });
  const entries = new ScheduleEntries(() => store.entries, clock);
  const scheduler = new Scheduler({ entries, reader: () => reader, clock, logger, isShared: shared !== null, start: startWorkflow });
  const missingAgents = new MissingAgents(ledger, registry, logger);
  ledger.connect({
    start: (grants) => executor.start(grants),
    committed: (jobs) => {
      if (!runTasks) return hub.committed(jobs);
      oversight.committed(jobs);
      executor.committed(jobs);
      timers.committed(jobs);
      hub.committed(jobs);
      missingAgents.committed(jobs);
    },
  });
  return {
    identity,
    options,
    clock,
    store,
    registry,
    hub,
    dispatcher,
    ledger,
    executor,
    timers,
    reader,
    storedStates,
    submitter,
    control,
    missingAgents,
    plugins,
    // What has happened is told to plugins where the tasks run.
    feeds: (runTasks ? plugins.followers : []).map((plugin) => new PluginFeed({ plugin, runner: plugins, store, hub, clock, logger })),
    retention: new Retention({ store, clock, logger, keepMs: options.retentionMs }),
    oversight,
    scheduler,
    scheduling: new ScheduleControl({ entries, scheduler, registry, clock, announce: announce('schedules') }),
    news:
      shared &&
      new News({
        store: shared,
        ledger,
        hub,
        clock,
        logger,
        runsTasks: runTasks,
        announced: (what) => (what === 'alerts' ? oversight.monitor.refresh() : scheduler.look()),
        looked: () => oversight.monitor.refreshWhereHeard(),
      }),
  };
}

function dispatcherOf(options: ParsedEngineOptions, clock: ScopedClock, onRoom: () => void): Dispatcher {
  if (!options.runTasks) return new IdleDispatcher();
  const toDispatch = { ...options, clock, onRoom, breaker: options.guards.breaker, onBreaker: breakerLog(options.logger) };
  const make = options.plugins.find(({ contributes }) => contributes.dispatcher)?.contributes.dispatcher;
  return make ? make(toDispatch) : new LocalDispatcher(toDispatch);
}
