import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { FileList } from '../files/list-files.js';
import { PathTouches } from '../git/count-touches.js';
import { History } from '../git/read-history.js';
import { mergeBatches } from '../merge-batches.js';
import { byLines } from '../rank-files.js';
import { Hotspot, Risk } from '../report.js';
import { findRisks } from '../risks.js';
import { summariseRisks } from '../summary.js';
import { AnalysedFiles } from './analyse-files.agent.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({
  batches: z.array(AnalysedFiles),
  closed: FileList.shape.closed,
  history: History.optional().describe('Absent where there is no history.'),
  touches: z.array(PathTouches),
  hotspots: z.array(Hotspot),
  shallow: z.boolean(),
});
const Output = z.object({ risks: z.array(Risk) });

/** Concludes the story Risks. */
@TaskAgent({
  name: 'find-risks',
  description: 'Applies the rules that tell where it hurts',
  input: Input,
  output: Output,
  capabilities: ['analyse', 'summarise'],
})
export class FindRisks {
  constructor(private readonly journal: StartJournal) {}

  execute({ batches, closed, history, touches, hotspots, shallow }: z.output<typeof Input>, ctx: TaskContext): z.input<typeof Output> {
    this.journal.started(ctx);
    const inventory = mergeBatches(
      batches.map(({ stats }) => stats),
      closed,
    );
    const deepLooks = batches.flatMap((batch) => batch.deepLooks).sort(byLines);
    const risks = findRisks({
      inventory,
      deepLooks,
      commits: history?.commits ?? 0,
      authors: history?.authors ?? [],
      touches,
      hotspots,
      shallow,
    });
    ctx.summarize(summariseRisks(hotspots, risks));
    return { risks };
  }
}
