import type { JobDetails, JobState, TaskloomClient } from '@taskloom/client';
import { coloursFor } from '@taskloom/terminal';

import type { ExitCode, Terminal } from '../terminal/terminal.js';
import { toJson } from '../terminal/to-json.js';
import { findJob } from './find-job.js';
import { errorText, timeText } from './job-lines.js';

/** An output of more lines is for `job show`. */
const OUTPUT_LINES = 40;

/** Says below the tree what came of a job that has ended. Returns the exit code. */
export async function tellEnd(client: TaskloomClient, id: string, terminal: Terminal): Promise<ExitCode> {
  const job = await findJob(client, id);
  const { green, red, yellow } = coloursFor(terminal.stdout, terminal.env);
  const took = timeText(job, terminal.nowMs());
  const { out } = terminal;
  switch (job.status) {
    case 'COMPLETED':
      out(`\n${green('Completed')}, ${took}.${job.success === false ? ' With failures that it tolerates.' : ''}\n${outputText(job)}`);
      break;
    case 'FAILED':
      out(
        `\n${red('Failed')}, ${took}.${job.error === null ? '' : ` ${errorText(job.error)}`}\nWhat failed runs again with:\n  taskloom job retry ${id}\n`,
      );
      break;
    case 'CANCELLED':
      out(`\n${yellow('Cancelled')}, ${took}.${job.error === null ? '' : ` ${errorText(job.error)}`}\n`);
      break;
    default:
      out(`\nThe job is ${job.status}.\n`);
  }
  return exitCodeOf(job);
}

/** 0: it completed, also where it tolerated failures; 1: it did not. */
export function exitCodeOf({ status }: Pick<JobState, 'status'>): ExitCode {
  return status === 'COMPLETED' ? 0 : 1;
}

function outputText({ id, output }: JobDetails): string {
  if (output === null) return '';
  const text = toJson(output, 2);
  return text.split('\n').length > OUTPUT_LINES ? `Its output: taskloom job show ${id} --json\n` : `${text}\n`;
}
