import { z } from 'zod';
import { absolutePath } from '../paths/absolute-path.js';
import { systemErrorCode } from '../report-error.js';
import { BlockFinder } from './block-finder.js';
import { meansGone, withFile } from './read-chunks.js';

/** A file with more lines than this deserves a deeper look. */
export const DEEP_LOOK_ABOVE_LINES = 2000;

export const DeepLook = z.object({
  path: z.string(),
  lines: z.number().int().nonnegative(),
  longestBlockLines: z
    .number()
    .int()
    .nonnegative()
    .describe('Lines of the longest block by layout: see BlockFinder. 0 where there is none.'),
});

export type DeepLook = z.infer<typeof DeepLook>;

export interface DeepLookInput {
  /** Absolute path of the directory. */
  readonly root: string;
  readonly path: string;
}

/** Reads one long file again for its longest block. Null when it went away since it was measured, or can no longer be read. */
export async function deepLook({ root, path }: DeepLookInput, signal?: AbortSignal): Promise<DeepLook | null> {
  const place = absolutePath(root, path);
  try {
    return await withFile(
      place,
      async (file) => {
        const blocks = new BlockFinder();
        let lineFeeds = 0;
        let last: number | undefined;
        for await (const chunk of file.chunks()) {
          blocks.push(chunk);
          for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) lineFeeds += 1;
          last = chunk.at(-1);
        }
        blocks.end();
        const hasOpenLine = last !== undefined && last !== 0x0a;
        return { path, lines: lineFeeds + (hasOpenLine ? 1 : 0), longestBlockLines: blocks.longestBlockLines };
      },
      signal,
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (meansGone(error) || systemErrorCode(error) !== undefined) return null;
    throw error;
  }
}
