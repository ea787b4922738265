interface Point { x: number }
export interface Input {
  /** @minProperties 1 */
  point: Point;
}
