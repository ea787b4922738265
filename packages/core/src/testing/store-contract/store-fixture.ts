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

  constructor(private readonly under: StoreUnderTest) {}

  async open(): Promise<void> {
    this.store = await this.under.open();
  }

  async reopen(): Promise<void> {
    this.store = await this.under.reopen(this.store);
  }

  close(): Promise<void> {
    return this.under.close(this.store);
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
