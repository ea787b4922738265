import type { ContractRunner } from './contract-runner.js';
import { describeAttempts } from './describe-attempts.js';
import { describeCommits } from './describe-commits.js';
import { describeDeletions } from './describe-deletions.js';
import { describeEvents } from './describe-events.js';
import { describeExtremes } from './describe-extremes.js';
import { describeFilters } from './describe-filters.js';
import { describeJobs } from './describe-jobs.js';
import { describeOutputs } from './describe-outputs.js';
import { describePages } from './describe-pages.js';
import { describeRandomJobs } from './describe-random-jobs.js';
import { describeRequests } from './describe-requests.js';
import { describeRows } from './describe-rows.js';
import { describeSharing } from './describe-sharing.js';
import { describeViews } from './describe-views.js';
import { StoreFixture } from './store-fixture.js';
import type { StoreUnderTest } from './store-under-test.js';

const PARTS = [
  describeJobs,
  describeRows,
  describeCommits,
  describeOutputs,
  describeAttempts,
  describeRequests,
  describeEvents,
  describeViews,
  describeFilters,
  describePages,
  describeExtremes,
  describeRandomJobs,
  describeDeletions,
  describeSharing,
];

/** What a store promises of jobs, and of all that belongs to them but costs. */
export function describeStore(name: string, under: StoreUnderTest, runner: ContractRunner): void {
  const { describe, beforeEach, afterEach } = runner;
  describe(`${name} as a store`, () => {
    const fixture = new StoreFixture(under);
    beforeEach(() => fixture.open());
    afterEach(() => fixture.close());

    for (const describePart of PARTS) describePart(runner, fixture);
  });
}
