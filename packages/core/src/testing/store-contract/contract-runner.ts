/**
 * What the suite asks of a test runner, so that it imports none. Jest's globals have this shape, and those of any runner do
 * whose `it` takes a name and a function that answers with a promise, together with an `expect` like Jest's.
 */
export interface ContractRunner {
  /** Puts tests together. `body` is called at once. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** A test. It fails where `test` rejects. `timeoutMs` is given where a test may need more than a few seconds. */
  readonly it: (name: string, test: () => Promise<void>, timeoutMs?: number) => unknown;
  /** Runs before each test of the `describe` it stands in, and of those inside. */
  readonly beforeEach: (act: () => Promise<void>) => unknown;
  readonly afterEach: (act: () => Promise<void>) => unknown;
  readonly expect: (actual: unknown) => ContractExpectation;
}

/** The matchers that the suite uses; each throws where it does not hold. */
export interface ContractMatchers<Answer = unknown> {
  toBe(expected: unknown): Answer;
  /** Deeply the same; a property that is `undefined` counts as one that is not there. */
  toEqual(expected: unknown): Answer;
  /** Has at least the properties of `expected`, deeply. */
  toMatchObject(expected: object): Answer;
  toBeNull(): Answer;
  toBeUndefined(): Answer;
  toHaveLength(length: number): Answer;
  toContain(item: unknown): Answer;
  toBeGreaterThan(least: number): Answer;
  toBeLessThanOrEqual(most: number): Answer;
  toBeInstanceOf(type: new (...args: never[]) => unknown): Answer;
  /** The message of what was thrown contains the text. */
  toThrow(message: string): Answer;
}

export interface ContractExpectation extends ContractMatchers {
  readonly not: ContractMatchers;
  readonly rejects: ContractMatchers<Promise<unknown>>;
}
