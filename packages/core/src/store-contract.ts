// What tests of a store of one's own use. Draws jobs with `fast-check`, which whoever imports this has installed.
export type { ContractExpectation, ContractMatchers, ContractRunner } from './testing/store-contract/contract-runner.js';
export { describeStoreContract } from './testing/store-contract/describe-store-contract.js';
export type { StoreUnderTest } from './testing/store-contract/store-under-test.js';
