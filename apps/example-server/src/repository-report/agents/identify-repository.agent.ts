import { FatalError, type TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import { identifyRepository, RepositoryIdentity } from '../git/identify-repository.js';
import { ReportError } from '../report-error.js';
import { prepareOutDir } from '../write-report.js';
import { StartJournal } from './start-journal.js';

const Input = z.object({ root: z.string(), outDir: z.string() });

/** Finds out what the directory is, and that a report can be written at all, before any long work begins. */
@TaskAgent({
  name: 'identify-repository',
  description: 'Names the repository a directory is, and proves that the report can be written',
  input: Input,
  output: RepositoryIdentity,
  capabilities: ['git'],
  timeout: '60s',
})
export class IdentifyRepository {
  constructor(private readonly journal: StartJournal) {}

  async execute({ root, outDir }: z.output<typeof Input>, ctx: TaskContext): Promise<RepositoryIdentity> {
    this.journal.started(ctx);
    try {
      await prepareOutDir(outDir);
      const identity = await identifyRepository(root, ctx.signal);
      ctx.summarize(
        `${identity.name} is ${identity.git === 'none' ? 'a directory without git' : `a git repository at ${identity.commit?.slice(0, 10) ?? 'no commit'}`}.`,
      );
      return identity;
    } catch (error) {
      // What a person has to change does not get better by trying again.
      throw error instanceof ReportError ? new FatalError(error.message, { cause: error }) : error;
    }
  }
}
