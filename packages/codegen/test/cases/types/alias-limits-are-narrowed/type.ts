/** @minimum 0 */
type Positive = number;
export interface Input {
  /** @minimum 5 */
  five: Positive;
}
