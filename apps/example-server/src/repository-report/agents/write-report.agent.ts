import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { assembleReport } from '../assemble-report.js';
import { FileList } from '../files/list-files.js';
import { RepositoryIdentity } from '../git/identify-repository.js';
import { History } from '../git/read-history.js';
import { Since } from '../git/since.js';
import { mergeBatches } from '../merge-batches.js';
import { Hotspot, ReportResult, Risk } from '../report.js';
import { summariseHistory, writeSummary } from '../summary.js';
import { writeReport } from '../write-report.js';
import { AnalysedFiles } from './analyse-files.agent.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({
  outDir: z.string(),
  since: Since.nullable(),
  identity: RepositoryIdentity,
  closed: FileList.shape.closed,
  batches: z.array(AnalysedFiles),
  history: History.optional().describe('Absent where there is no history.'),
  hotspots: z.array(Hotspot),
  risks: z.array(Risk),
});

@TaskAgent({
  name: 'write-report',
  description: 'Writes report.json, report.md and report.html',
  input: Input,
  output: ReportResult,
  capabilities: ['write-files', 'summarise'],
  retry: { maxAttempts: 2, delay: '1s' },
})
export class WriteReport {
  constructor(private readonly journal: StartJournal) {}

  async execute(input: z.output<typeof Input>, ctx: TaskContext): Promise<ReportResult> {
    this.journal.started(ctx);
    const { identity, history } = input;
    // The summary is written from what the stories said upward, not from their numbers.
    const { tasks } = await ctx.distilled();
    const stories = tasks
      .filter(({ type }) => type === 'STORY')
      .map(({ status, summary }) => (status === 'SKIPPED' ? null : summary) ?? summariseHistory(null, identity.noHistoryReason));
    const report = assembleReport({
      ...input,
      inventory: mergeBatches(
        input.batches.map(({ stats }) => stats),
        input.closed,
      ),
      history: history ?? null,
      deepLooks: input.batches.flatMap(({ deepLooks }) => deepLooks),
      summary: writeSummary(identity.name, stories),
      generatedAt: new Date(),
    });
    const files = await writeReport(input.outDir, report, ctx.signal);
    ctx.summarize(report.summary);
    return { files, summary: report.summary, risks: report.risks.length };
  }
}
