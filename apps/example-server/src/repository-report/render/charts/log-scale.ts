/** A logarithmic axis over the values given, with a little room at both ends. */
export interface LogScale {
  /** Where a value lies: 0 at the start of the axis, 1 at its end. */
  at(value: number): number;
  /** Round numbers on the axis (1, 2, 5, 10, 20 …), three or more where the range allows, and never many. */
  readonly ticks: readonly number[];
}

const ROOM = 0.09;
const TICKS_MAX = 6;

/** Makes the axis for positive values. */
export function logScale(values: readonly number[]): LogScale {
  const logs = values.map((value) => Math.log10(value));
  const low = Math.min(...logs);
  const high = Math.max(...logs);
  // A single value gets an axis from its half to its double.
  const range = Math.max(high - low, 0.6);
  const middle = (low + high) / 2;
  const start = middle - range / 2 - range * ROOM;
  const length = range * (1 + 2 * ROOM);
  const at = (value: number): number => (Math.log10(value) - start) / length;
  const inside = (steps: readonly number[]): number[] =>
    [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
      .flatMap((power) => steps.map((step) => step * 10 ** power))
      .filter((tick) => isOn(at(tick)) && tick >= 1);
  const [many, few] = [inside([1, 2, 5]), inside([1])];
  return { at, ticks: many.length <= TICKS_MAX ? many : few };
}

function isOn(position: number): boolean {
  return position > 0.01 && position < 0.99;
}
