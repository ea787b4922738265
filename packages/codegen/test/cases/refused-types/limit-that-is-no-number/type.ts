export interface Input {
  /** @minimum none */
  n: number;
}
