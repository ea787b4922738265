import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { formatPlural } from '../format-number.js';
import { PathTouches } from '../git/count-touches.js';
import { mergeBatches } from '../merge-batches.js';
import { readablePath } from '../paths/path-text.js';
import { rankHotspots } from '../rank-files.js';
import { Hotspot } from '../report.js';
import { AnalysedFiles } from './analyse-files.agent.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ batches: z.array(AnalysedFiles), touches: z.array(PathTouches) });
const Output = z.object({ hotspots: z.array(Hotspot) });

@TaskAgent({
  name: 'rank-hotspots',
  description: 'Finds the files that are both long and often changed',
  input: Input,
  output: Output,
  capabilities: ['analyse'],
})
export class RankHotspots {
  constructor(private readonly journal: StartJournal) {}

  execute({ batches, touches }: z.output<typeof Input>, ctx: TaskContext): z.input<typeof Output> {
    this.journal.started(ctx);
    const hotspots = rankHotspots(mergeBatches(batches.map(({ stats }) => stats)).texts, touches);
    const [top] = hotspots;
    ctx.summarize(
      top === undefined
        ? 'There are no hotspots.'
        : `The top hotspot is ${readablePath(top.path)} (${formatPlural(top.commits, 'commit')} on ${formatPlural(top.lines, 'line')}).`,
    );
    return { hotspots };
  }
}
