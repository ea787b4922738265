export interface Input {
  /** @deprecated Use `fresh`. */
  old?: string;
  fresh?: string;
}
