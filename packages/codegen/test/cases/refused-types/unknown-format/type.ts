export interface Input {
  /** @format phone */
  text: string;
}
