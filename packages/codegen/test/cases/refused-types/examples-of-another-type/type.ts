export interface Input {
  /** @examples [1, "two"] */
  n: number;
}
