export interface Input {
  /**
   * @minItems 1
   * @maxItems 2
   * @uniqueItems
   */
  list: string[];
}
