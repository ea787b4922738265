import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { DeepLook, deepLook } from '../files/deep-look.js';
import { formatCount } from '../format-number.js';
import { readablePath } from '../paths/path-text.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ root: z.string(), path: z.string() });
const Output = z.object({ look: DeepLook.nullable().describe('Null when the file went away since it was measured.') });

/** Asked for at run time, by the agent that meets a file of more than 2,000 lines. */
@TaskAgent({
  name: 'look-deeper',
  description: 'Reads one long file again and measures its longest block',
  input: Input,
  output: Output,
  capabilities: ['read-files'],
  retry: { maxAttempts: 2, delay: '1s' },
})
export class LookDeeper {
  constructor(private readonly journal: StartJournal) {}

  async execute(input: z.output<typeof Input>, ctx: TaskContext): Promise<z.input<typeof Output>> {
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
