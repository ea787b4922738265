import { inLog } from '../errors/in-log.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Parts } from './assemble.js';
import type { Engine, RecoveryReport } from './contract.js';
import { recover } from './recover.js';

type Phase = 'new' | 'starting' | 'running' | 'stopping' | 'stopped';

const STOP_GRACE_MS = 10_000;
/** What a plugin may still take, at a stop, to be told what was committed. */
const FEED_GRACE_MS = 5_000;
const NOTHING_RECOVERED: RecoveryReport = { jobs: [], found: 0, requeued: 0, parked: 0, failed: 0 };

/** Starts the parts of an engine in their order, once, and stops them in theirs. */
export class Life {
  /** What the start found of earlier processes; `null` before it, and where tasks are run by another engine. */
  recovered: RecoveryReport | null = null;
  private phase: Phase = 'new';
  private stopped: Promise<void> = Promise.resolve();
  /** That another engine has taken over. */
  private lost: TaskloomError | null = null;

  constructor(private readonly parts: Parts) {}

  get isRunning(): boolean {
    return this.phase === 'running';
  }

  /** @throws TaskloomError `ENGINE_STOPPED` */
  requireRunning(): void {
    if (!this.isRunning) throw new TaskloomError('ENGINE_STOPPED', `The engine is ${this.phase === 'new' ? 'not started' : this.phase}.`);
  }

  /** `engine`: as plugins see it. */
  async start(engine: Engine): Promise<RecoveryReport> {
    const { options, store, oversight } = this.parts;
    if (this.phase !== 'new') throw new TaskloomError('ILLEGAL_MOVE', `The engine is ${this.phase}; it can be started once.`);
    if (!options.runTasks && (store.shared !== true || oversight.keepsToItself)) throw notShared();
    this.phase = 'starting';
    try {
      await this.openStore();
    } catch (error) {
      this.phase = 'new';
      throw error;
    }
    return options.runTasks ? this.startRunning(engine) : this.startBeside(engine);
  }

  private async startRunning(engine: Engine): Promise<RecoveryReport> {
    const { store, ledger, timers, registry, options, feeds, scheduling, scheduler, retention } = this.parts;
    await Promise.all(feeds.map((feed) => feed.open()));
    const report = await recover({ store, ledger, timers, registry, logger: options.logger });
    if (this.lost) {
      await store.close();
      this.phase = 'stopped';
      throw this.lost;
    }
    this.recovered = report;
    await this.begin(engine);
    for (const feed of feeds) feed.start();
    await scheduling.declare(registry.allWorkflows());
    scheduler.start();
    retention.start();
    ledger.resume();
    return report;
  }

  /** Where another engine runs the tasks, recovers what died, ticks schedules, sets timers and deletes what is old. */
  private async startBeside(engine: Engine): Promise<RecoveryReport> {
    await this.begin(engine);
    return NOTHING_RECOVERED;
  }

  private async begin(engine: Engine): Promise<void> {
    this.phase = 'running';
    try {
      await this.parts.oversight.start();
      await this.parts.plugins.started(engine);
    } catch (error) {
      await this.stop(0);
      throw error;
    }
    this.parts.news?.start();
  }

  private async openStore(): Promise<void> {
    const { store, options, news } = this.parts;
    await store.open();
    try {
      if (options.runTasks) await store.lead?.((error) => this.superseded(error));
      // Before any job is read: what is written from then on is heard of.
      await news?.open();
      await this.sign();
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Before the first event: each of them says which engine wrote it. */
  private async sign(): Promise<void> {
    const { identity, store, clock, options } = this.parts;
    await store.sign(identity, clock.now());
    options.logger.info(`The engine "${identity.name}" (${identity.id}) starts.`, { engine: { ...identity } });
  }

  /** Another engine goes on with the work: nothing that is begun here could be written. */
  private superseded(error: TaskloomError): void {
    this.lost = error;
    this.parts.options.logger.error('This engine stops.', inLog(error));
    void this.stopQuietly();
  }

  private async stopQuietly(): Promise<void> {
    try {
      await this.stop(0);
    } catch (error) {
      this.parts.options.logger.error('The engine could not be stopped.', inLog(error));
    }
  }

  async stop(graceMs = STOP_GRACE_MS): Promise<void> {
    if (this.isRunning) this.stopped = this.shutDown(graceMs);
    await this.stopped;
  }

  private async shutDown(graceMs: number): Promise<void> {
    const { news, scheduler, retention, oversight, plugins, ledger, timers, executor, feeds, hub, store, clock } = this.parts;
    this.phase = 'stopping';
    await news?.stop();
    await scheduler.stop();
    await retention.stop();
    await oversight.stop();
    await plugins.beforeStop();
    ledger.pause();
    // A flush under way may still start tasks; they are to be drained, too.
    await ledger.settled();
    timers.stop();
    await executor.drain(graceMs);
    await ledger.close();
    await Promise.all(feeds.map((feed) => feed.stop(FEED_GRACE_MS)));
    hub.close();
    await store.close();
    await plugins.afterStop();
    clock.dispose();
    this.phase = 'stopped';
  }
}

function notShared(): TaskloomError {
  return new TaskloomError(
    'SQLITE_SINGLE_PROCESS',
    'An engine with `runTasks: false` works beside one that runs the tasks, in a process of its own; a SQLite database belongs to one process.',
    {
      remedy:
        "Let this engine run the tasks, too (`runTasks: true`, in a Nest application the roles `api` and `worker` together), or give both a PostgreSQL store: `store: { type: 'postgres', url }`.",
    },
  );
}
