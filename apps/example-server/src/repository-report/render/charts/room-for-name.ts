/** A bubble's centre: `x` as a share of the plot's width, `y` in pixels from its top. */
export interface Centre {
  readonly x: number;
  readonly y: number;
}

/** Where a name stands beside its bubble, for an SVG text; pixels. */
export interface NamePlace {
  readonly dx: number;
  readonly dy: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** The plot on a wide screen; narrow ones show no names. */
const PLOT_PIXELS = 960;
const LETTER_PIXELS = 7.6;
const GAP_PIXELS = 6;

/** Where the name of one bubble meets no other bubble and stays within the plot: right of it, left of it, above it, or nowhere (null). */
export function roomForName(name: string, index: number, centres: readonly Centre[], radius: number): NamePlace | null {
  const own = centres[index];
  if (own === undefined) return null;
  const width = (name.length * LETTER_PIXELS) / PLOT_PIXELS;
  const reach = (radius + GAP_PIXELS) / PLOT_PIXELS;
  const isFree = (from: number, y: number): boolean =>
    from >= 0 &&
    from + width <= 1 &&
    y > 0 &&
    centres.every(
      (other, position) => position === index || Math.abs(other.y - y) > radius || other.x < from - reach || other.x > from + width + reach,
    );
  const away = radius + GAP_PIXELS;
  if (isFree(own.x + reach, own.y)) return { dx: away, dy: 4, anchor: 'start' };
  if (isFree(own.x - reach - width, own.y)) return { dx: -away, dy: 4, anchor: 'end' };
  return isFree(own.x - width / 2, own.y - away) ? { dx: 0, dy: -away, anchor: 'middle' } : null;
}
