export interface Input {
  /** @minLength 2 */
  n: number;
}
