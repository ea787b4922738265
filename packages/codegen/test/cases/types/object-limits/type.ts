export interface Input {
  /**
   * @minProperties 1
   * @maxProperties 2
   */
  map: Record<string, string>;
}
