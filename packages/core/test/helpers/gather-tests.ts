import type { ContractRunner } from '../../src/store-contract.js';

type Act = () => Promise<void>;

interface Scope {
  readonly titles: readonly string[];
  /** Outermost first. */
  readonly before: readonly Act[];
  /** Innermost first. */
  readonly after: readonly Act[];
}

/** A test with all that runs around it. */
export interface GatheredTest {
  /** With the titles of those it stands in. */
  readonly title: string;
  readonly run: Act;
}

/** A runner that runs nothing by itself: the tests that a suite describes, for whoever wants to see some of them fail. */
export function gatherTests(describeSuite: (runner: Omit<ContractRunner, 'expect'>) => void): GatheredTest[] {
  const tests: GatheredTest[] = [];
  let scope: Scope = { titles: [], before: [], after: [] };
  describeSuite({
    describe(title, body) {
      const outer = scope;
      scope = { ...outer, titles: [...outer.titles, title] };
      body();
      scope = outer;
    },
    beforeEach: (act) => (scope = { ...scope, before: [...scope.before, act] }),
    afterEach: (act) => (scope = { ...scope, after: [act, ...scope.after] }),
    it(title, test) {
      const { titles, before, after } = scope;
      const run = async (): Promise<void> => {
        for (const act of before) await act();
        try {
          await test();
        } finally {
          for (const act of after) await act();
        }
      };
      tests.push({ title: [...titles, title].join(' '), run });
    },
  });
  return tests;
}
