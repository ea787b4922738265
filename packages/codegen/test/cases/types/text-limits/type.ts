export interface Input {
  /**
   * @minLength 1
   * @maxLength 3
   */
  short: string;
  /** @pattern ^[a-z]{2,3}$ */
  code: string;
}
