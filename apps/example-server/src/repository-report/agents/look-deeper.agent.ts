import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { deepLook, type DeepLook } from '../files/deep-look.js';
import { formatCount } from '../format-number.js';
import { readablePath } from '../paths/path-text.js';
import { StartJournal } from './start-journal.js';

/** Where a long file lies. */
export interface LongFile {
  /** Absolute path of the directory the report is over. */
  readonly root: string;
  /** From the root, as lists of files have it. */
  readonly path: string;
}

/** What the second look came to. */
export interface DeeperLook {
  /** Null when the file went away since it was measured. */
  readonly look: DeepLook | null;
}

/** Asked for at run time, by the agent that meets a file of more than 2,000 lines. Its schemas follow from these types. */
@TaskAgent({
  name: 'look-deeper',
  description: 'Reads one long file again and measures its longest block',
  capabilities: ['read-files'],
  retry: { maxAttempts: 2, delay: '1s' },
})
export class LookDeeper {
  constructor(private readonly journal: StartJournal) {}

  async execute(input: LongFile, ctx: TaskContext): Promise<DeeperLook> {
    this.journal.started(ctx);
    const look = await deepLook(input, ctx.signal);
    const path = readablePath(input.path);
    ctx.summarize(
      look === null
        ? `${path} is gone.`
        : `${path} has ${formatCount(look.lines)} lines; its longest block has ${formatCount(look.longestBlockLines)}.`,
    );
    return { look };
  }
}
