/** Everything about it. */
export interface Input {
  /** What it is called. */
  name: string;
  /**
   * How long it is,
   * in metres.
   */
  length: number;
}
