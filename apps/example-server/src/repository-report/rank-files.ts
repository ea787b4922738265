import type { TextFile } from './files/analyse-batch.js';
import { DEEP_LOOK_ABOVE_LINES } from './files/deep-look.js';
import type { PathTouches } from './git/count-touches.js';
import { compareInByteOrder } from './paths/byte-order.js';
import type { Hotspot, LargestFile } from './report.js';

const SHOWN_MAX = 20;

/**
 * The files that are both long and often changed: at most 20 text files that some commit touched, by commits × lines, then by path. Binary
 * files have no lines and are left out.
 */
export function rankHotspots(texts: readonly TextFile[], touches: readonly PathTouches[]): Hotspot[] {
  const linesByPath = new Map(texts.map(({ path, lines }) => [path, lines]));
  return touches
    .flatMap((touch): Hotspot[] => {
      const lines = linesByPath.get(touch.path);
      if (lines === undefined) return [];
      const { path, commits, authors, mainAuthor } = touch;
      return [{ path, commits, lines, score: commits * lines, authors, mainAuthor }];
    })
    .sort((a, b) => b.score - a.score || compareInByteOrder(a.path, b.path))
    .slice(0, SHOWN_MAX);
}

/** The at most 20 longest text files, by lines, then by path. */
export function rankLargestFiles(texts: readonly TextFile[]): LargestFile[] {
  return texts
    .map(({ path, lines, bytes }) => ({ path, lines, bytes }))
    .sort(byLines)
    .slice(0, SHOWN_MAX);
}

/** All files that deserve a deeper look, by lines, then by path. */
export function filesForDeepLook(texts: readonly TextFile[]): TextFile[] {
  return texts.filter(({ lines }) => lines > DEEP_LOOK_ABOVE_LINES).sort(byLines);
}

/** The order of `largestFiles` and `deepLooks`. */
export function byLines(
  a: { readonly lines: number; readonly path: string },
  b: { readonly lines: number; readonly path: string },
): number {
  return b.lines - a.lines || compareInByteOrder(a.path, b.path);
}
