/**
 * A share between 0 and 1.
 * @minimum 0
 * @maximum 1
 */
type Share = number;
export interface Input {
  share: Share;
  /** Another one. */
  other?: Share;
  list: Share[];
}
