export interface Input {
  /** @minimum 1 @default 0 */
  depth?: number;
}
