/** A point. */
interface Point { x: number; y: number }
export interface Input {
  /** Where it starts. */
  from: Point;
  to: Point;
}
