import type { Store } from '../../ports/store.js';

/** How the suite gets at stores of the kind that it tries. */
export interface StoreUnderTest {
  /** An empty store, open. Called before each test. */
  open(): Promise<Store>;
  /** Closes a store and opens the same data in another one. */
  reopen(store: Store): Promise<Store>;
  /** Closes a store that no test will ask for again. Called after each test, with the store that was opened last. */
  close(store: Store): Promise<void>;
  /**
   * How many rows each table of an open store has that has any. The suite counts on these names, whatever a store keeps its
   * data in: `taskloom_engine` (engines that have signed), `taskloom_task_cost` (what each task, and each job as a whole, has
   * spent, by unit) and `taskloom_expired_job` (jobs that were deleted because they had ended long ago). Where those have been
   * deleted, nothing else may be counted: so what is left of a deleted job has to be counted, under any name. Left out is what
   * belongs to no job, engine or entry, as a table of migrations.
   */
  rowsOf(store: Store): Promise<Readonly<Record<string, number>>>;
  /**
   * Another store on the same data, open beside one that stays so. Asked for where a store is shared, or leads (`Store.shared`,
   * `Store.lead`): what engines beside each other rely on is tried with two. The suite closes the second one itself.
   */
  openBeside?(store: Store): Promise<Store>;
}
