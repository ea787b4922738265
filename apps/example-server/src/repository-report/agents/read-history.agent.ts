import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { History, readHistory } from '../git/read-history.js';
import { summariseHistory } from '../summary.js';
import { HistoryRangeInput, rangeOf } from './history-range.js';
import { StartJournal } from './start-journal.js';

@TaskAgent({
  name: 'read-history',
  description: 'Counts the commits of a repository and gathers their authors',
  input: HistoryRangeInput,
  output: History,
  capabilities: ['git'],
  retry: { maxAttempts: 2, delay: '1s' },
  timeout: '10m',
})
export class ReadHistory {
  constructor(private readonly journal: StartJournal) {}

  async execute(input: z.output<typeof HistoryRangeInput>, ctx: TaskContext): Promise<History> {
    this.journal.started(ctx);
    const history = await readHistory(rangeOf(input, ctx), ctx.signal);
    ctx.summarize(summariseHistory(history, null));
    return history;
  }
}
