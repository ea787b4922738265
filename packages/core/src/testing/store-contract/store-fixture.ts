import type { TaskSpec } from '../../model/task.js';
import type { Store } from '../../ports/store.js';
import { specsOf, type TaskSketch } from '../machine/specs.js';
import type { StoreUnderTest } from './store-under-test.js';
import { jobSpec, StoredJob } from './stored-job.js';

type JobFields = Parameters<typeof jobSpec>[1];

/** What each test of jobs begins with: the store under test, open, and the means to put jobs into it. */
export class StoreFixture {
  /** Another one in each test, and after `reopen`. */
  store!: Store;
  private jobs = 0;
  private readonly beside: Store[] = [];

  constructor(private readonly under: StoreUnderTest) {}

  async open(): Promise<void> {
    this.store = await this.under.open();
  }

  async reopen(): Promise<void> {
    this.store = await this.under.reopen(this.store);
  }

  async close(): Promise<void> {
    for (const store of this.beside.splice(0)) await store.close();
    await this.under.close(this.store);
  }

  /** Another store on the same data. It is closed with the one under test. */
  async openBeside(): Promise<Store> {
    if (!this.under.openBeside)
      throw new Error('This store is shared, or leads, and so is tried with two on the same data: `openBeside` has to open the second.');
    const store = await this.under.openBeside(this.store);
    this.beside.push(store);
    return store;
  }

  /** Closes the store under test, and goes on with one that was opened beside it. */
  async leaveTo(other: Store): Promise<void> {
    await this.store.close();
    this.beside.splice(this.beside.indexOf(other), 1);
    this.store = other;
  }

  rowsOf(): Promise<Readonly<Record<string, number>>> {
    return this.under.rowsOf(this.store);
  }

  readonly nextId = (): string => `job-${(this.jobs += 1)}`;

  readonly create = (sketches: readonly TaskSketch[], fields: JobFields = {}): Promise<StoredJob> =>
    this.createFrom(specsOf(sketches), fields);

  readonly createFrom = (tasks: readonly TaskSpec[], fields: JobFields = {}): Promise<StoredJob> =>
    StoredJob.create(this.store, tasks, jobSpec(this.nextId(), fields));
}
