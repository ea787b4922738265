export interface Input {
  /** @maxLength -1 */
  text: string;
}
