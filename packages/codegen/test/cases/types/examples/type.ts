export interface Input {
  /**
   * @example 1
   * @example 2
   */
  n: number;
  /** @examples ["a", "b"] */
  text: string;
  /**
   * Code is no example of a value.
   * @example
   * const x = { y: 1 };
   */
  object: { y: number };
}
