import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { FileList, listFiles } from '../files/list-files.js';
import { formatPlural } from '../format-number.js';
import { reportFilesIn } from '../write-report.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ root: z.string(), outDir: z.string() });

@TaskAgent({
  name: 'list-files',
  description: 'Lists the files of a directory: those git tracks, elsewhere all that no .gitignore names',
  input: Input,
  output: FileList,
  capabilities: ['read-files', 'git'],
  retry: { maxAttempts: 2, delay: '1s' },
  timeout: '5m',
})
export class ListFiles {
  constructor(private readonly journal: StartJournal) {}

  async execute({ root, outDir }: z.output<typeof Input>, ctx: TaskContext): Promise<FileList> {
    this.journal.started(ctx);
    const list = await listFiles(root, { leaveOut: Object.values(reportFilesIn(outDir)) as string[], signal: ctx.signal });
    ctx.summarize(`There ${list.paths.length === 1 ? 'is' : 'are'} ${formatPlural(list.paths.length, 'file')} to look at.`);
    return list;
  }
}
