export interface Input {
  /** @minItems 1 */
  pair: [string, string];
}
