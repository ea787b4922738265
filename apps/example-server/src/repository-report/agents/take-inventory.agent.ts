import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { FileList } from '../files/list-files.js';
import { mergeBatches } from '../merge-batches.js';
import { summariseInventory } from '../summary.js';
import { AnalysedFiles } from './analyse-files.agent.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ batches: z.array(AnalysedFiles), closed: FileList.shape.closed });
const Output = z.object({ files: z.number().int(), lines: z.number().int(), bytes: z.number().int(), topLanguage: z.string().nullable() });

/** Concludes the story Inventory: what it says upward is a sentence, not the numbers of every file. */
@TaskAgent({
  name: 'take-inventory',
  description: 'Adds up what the batches found',
  input: Input,
  output: Output,
  capabilities: ['summarise'],
})
export class TakeInventory {
  constructor(private readonly journal: StartJournal) {}

  execute({ batches, closed }: z.output<typeof Input>, ctx: TaskContext): z.input<typeof Output> {
    this.journal.started(ctx);
    const inventory = mergeBatches(
      batches.map(({ stats }) => stats),
      closed,
    );
    ctx.summarize(summariseInventory(inventory));
    return {
      files: inventory.files,
      lines: inventory.lines,
      bytes: inventory.bytes,
      topLanguage: inventory.languages[0]?.language ?? null,
    };
  }
}
