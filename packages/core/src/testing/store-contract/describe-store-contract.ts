import type { ContractRunner } from './contract-runner.js';
import { describeCosts } from './describe-costs.js';
import { describeKeyValueStore } from './describe-key-value-store.js';
import { describeStore } from './describe-store.js';
import type { StoreUnderTest } from './store-under-test.js';

/**
 * Describes the tests that every store has to pass: those of Taskloom's own stores on SQLite and PostgreSQL. Called where a
 * `describe` may be called, it gives the runner well over 200 tests, most of which take milliseconds; a few write tens of
 * thousands of rows.
 *
 * @param name of the store, for the titles of the tests
 * @param runner Jest's globals, or others of their shape
 */
export function describeStoreContract(name: string, under: StoreUnderTest, runner: ContractRunner): void {
  describeStore(name, under, runner);
  describeCosts(name, under, runner);
  describeKeyValueStore(name, under, runner);
}
