import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import type { History } from '../git/read-history.js';
import { summariseHistory } from '../summary.js';
import { StartJournal } from './start-journal.js';

/** How much history there is. */
export interface HistoryCounts {
  /**
   * @integer
   * @minimum 0
   */
  readonly commits: number;
  /**
   * @integer
   * @minimum 0
   */
  readonly authors: number;
}

/** Concludes the story History. Its schemas follow from these types. */
@TaskAgent({
  name: 'tell-history',
  description: 'Says in a sentence how much history there is, and whose',
  capabilities: ['summarise'],
})
export class TellHistory {
  constructor(private readonly journal: StartJournal) {}

  execute({ history }: { readonly history: History }, ctx: TaskContext): HistoryCounts {
    this.journal.started(ctx);
    ctx.summarize(summariseHistory(history, null));
    return { commits: history.commits, authors: history.authors.length };
  }
}
