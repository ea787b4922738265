export interface Input {
  /** @examples 1, 2 */
  n: number;
}
