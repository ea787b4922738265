import type { JobDetails, TaskloomClient } from '@taskloom/client';
import { oneLine } from '@taskloom/terminal';

import { CliError } from '../terminal/cli-error.js';

/** A job that must be there. @throws CliError `NOT_FOUND` */
export async function findJob(client: TaskloomClient, id: string): Promise<JobDetails> {
  const job = await client.jobDetails(id);
  if (job) return job;
  throw missingJob(id);
}

export function missingJob(id: string): CliError {
  return new CliError(
    'NOT_FOUND',
    `There is no job ${JSON.stringify(oneLine(id))}, or none for this caller.`,
    '`taskloom job list` shows what there is; --token or --header say who asks.',
    4,
  );
}
