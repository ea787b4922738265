import type { AddCommand } from '../../cli.js';
import { addConnectionArguments } from '../../jobs/connection-arguments.js';
import { addFollowArguments } from '../../jobs/follow-arguments.js';
import type { Followed } from '../../jobs/follow-job.js';
import { wholeNumber } from '../../terminal/whole-number.js';

export const addJobWatch: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('watch')
    .argument('<job>', 'its id')
    .description('Shows a job live until it ends: a tree in a terminal, plain lines elsewhere.')
    .option('--json', "print the job's events, one JSON document a line: first those that were, then those to come")
    .option('--after <seq>', 'with --json: only events after this one', wholeNumber)
    .addHelpText(
      'after',
      `
A lost connection is made again by itself, and nothing is left out. Ends with 0 when the job has completed, with 1 when it
failed or was cancelled; Ctrl-C leaves the job alone and ends with 130.

Examples:
  taskloom job watch 01a1fd45-f7d5-7d49-8eb9-d2ac85137102
  taskloom job watch 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 > job.log
  taskloom job watch 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --json | jq -r 'select(.type == "TASK_FAILED") | .taskKey'`,
    )
    .action(async (id: string, given: Followed) => {
      const { followJob } = await import('../../jobs/follow-job.js');
      const { findJob } = await import('../../jobs/find-job.js');
      end(await followJob((client) => findJob(client, id), given, terminal));
    });
  addFollowArguments(addConnectionArguments(command));
};
