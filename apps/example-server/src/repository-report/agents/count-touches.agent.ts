import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { formatPlural } from '../format-number.js';
import { countTouches, PathTouches } from '../git/count-touches.js';
import { HistoryRangeInput, rangeOf } from './history-range.js';
import { StartJournal } from './start-journal.js';

const Output = z.object({ touches: z.array(PathTouches) });

@TaskAgent({
  name: 'count-touches',
  description: 'Counts, for each file of today, the commits that changed it',
  input: HistoryRangeInput,
  output: Output,
  capabilities: ['git'],
  retry: { maxAttempts: 2, delay: '1s' },
  timeout: '20m',
})
export class CountTouches {
  constructor(private readonly journal: StartJournal) {}

  async execute(input: z.output<typeof HistoryRangeInput>, ctx: TaskContext): Promise<z.input<typeof Output>> {
    this.journal.started(ctx);
    const touches = await countTouches(rangeOf(input, ctx), ctx.signal);
    ctx.summarize(`Commits changed ${formatPlural(touches.length, 'file')} that still ${touches.length === 1 ? 'exists' : 'exist'}.`);
    return { touches };
  }
}
