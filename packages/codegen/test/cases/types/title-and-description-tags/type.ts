/**
 * Ignored for the tag.
 * @title The input
 * @description What goes in.
 */
export interface Input {
  /** @title Its name */
  name: string;
}
