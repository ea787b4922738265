import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { analyseBatch, BATCH_MAX_FILES, BatchStats } from '../files/analyse-batch.js';
import { DeepLook } from '../files/deep-look.js';
import { formatPlural } from '../format-number.js';
import { filesForDeepLook } from '../rank-files.js';
import { LookDeeper } from './look-deeper.agent.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ root: z.string(), paths: z.array(z.string()).max(BATCH_MAX_FILES) });
export const AnalysedFiles = z.object({ stats: BatchStats, deepLooks: z.array(DeepLook) });
export type AnalysedFiles = z.infer<typeof AnalysedFiles>;

/** One batch of files. A long file among them makes it ask for a deeper look, which becomes a task of its own. */
@TaskAgent({
  name: 'analyse-files',
  description: 'Measures a batch of at most 200 files: lines, languages, markers',
  input: Input,
  output: AnalysedFiles,
  capabilities: ['read-files'],
  retry: { maxAttempts: 2, delay: '1s' },
  timeout: '5m',
})
export class AnalyseFiles {
  constructor(private readonly journal: StartJournal) {}

  async execute({ root, paths }: z.output<typeof Input>, ctx: TaskContext): Promise<AnalysedFiles> {
    this.journal.started(ctx);
    // Remembered, so that the run after a deeper look need not read the files again.
    const stats = await ctx.step('measure', () => analyseBatch({ root, paths }, ctx.signal));
    const answers = await Promise.all(
      filesForDeepLook(stats.texts).map(({ path }) => ctx.need(LookDeeper, { root, path }, { name: `Look into ${path}` })),
    );
    const lines = stats.texts.reduce((sum, text) => sum + text.lines, 0);
    ctx.summarize(
      `${formatPlural(paths.length, 'file')} with ${formatPlural(lines, 'line')} of text and ${formatPlural(stats.todos.length, 'marker')}.`,
    );
    return { stats, deepLooks: answers.flatMap(({ look }) => (look === null ? [] : [look])) };
  }
}
