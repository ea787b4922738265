export interface Input {
  /** @pattern ([a-z */
  text: string;
}
