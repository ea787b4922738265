/* A store of the application's own, and its test: that both can be written with what the packages declare. */
import type { JobWrite, Store } from '@taskloom/core/store';
import { describeStoreContract, type ContractRunner, type StoreUnderTest } from '@taskloom/core/testing/store-contract';

/** The same store, which tells of each job that it has written. */
export function telling(store: Store, tell: (jobId: string, lastSeq: number) => void): Store {
  const commit = async (writes: readonly JobWrite[]): Promise<void> => {
    await store.commit(writes);
    for (const { jobId, row } of writes) tell(jobId, row.lastSeq);
  };
  return Object.create(store, { commit: { value: commit } }) as Store;
}

export function describeTelling(under: StoreUnderTest, runner: ContractRunner): void {
  describeStoreContract('Telling', { ...under, open: async () => telling(await under.open(), () => undefined) }, runner);
}
