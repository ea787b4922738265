import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { History } from '../git/read-history.js';
import { summariseHistory } from '../summary.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ history: History });
const Output = z.object({ commits: z.number().int(), authors: z.number().int() });

/** Concludes the story History. */
@TaskAgent({
  name: 'tell-history',
  description: 'Says in a sentence how much history there is, and whose',
  input: Input,
  output: Output,
  capabilities: ['summarise'],
})
export class TellHistory {
  constructor(private readonly journal: StartJournal) {}

  execute({ history }: z.output<typeof Input>, ctx: TaskContext): z.input<typeof Output> {
    this.journal.started(ctx);
    ctx.summarize(summariseHistory(history, null));
    return { commits: history.commits, authors: history.authors.length };
  }
}
