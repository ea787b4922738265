export interface Input {
  /** @minLength 2 */
  text: string | null;
  /** @minimum 1 */
  size?: number | 'auto';
}
