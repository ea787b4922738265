export interface Input {
  /** @minimum 2 */
  text: string;
}
