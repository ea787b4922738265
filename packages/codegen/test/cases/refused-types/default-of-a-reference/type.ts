type Level = 'low' | 'high';
export interface Input {
  /** @default middle */
  level?: Level;
}
