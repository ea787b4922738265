import type { TaskloomClient } from '@taskloom/client';
import { oneLine } from '@taskloom/terminal';

import { CliError } from '../terminal/cli-error.js';

/** The id of a job's task by its id or its key. @throws CliError `NOT_FOUND` */
export async function taskIdOf(client: TaskloomClient, jobId: string, text: string): Promise<string> {
  if (text.startsWith(`${jobId}:`)) return text;
  for await (const { id, key } of client.everyTask({ jobId, text })) if (key === text) return id;
  throw new CliError(
    'NOT_FOUND',
    `Job ${oneLine(jobId)} has no task with the key ${JSON.stringify(oneLine(text))}.`,
    '`taskloom job graph` with --format json names the keys of all tasks.',
    4,
  );
}
