export interface Input {
  /** @default many */
  depth?: number;
}
