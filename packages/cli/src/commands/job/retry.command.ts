import type { TaskloomClient } from '@taskloom/client';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments } from '../../jobs/connection-arguments.js';
import { describeControlled } from '../../jobs/describe-controlled.js';
import { addFollowArguments, type FollowArguments } from '../../jobs/follow-arguments.js';
import { oneMore } from '../../terminal/one-more.js';

interface RetryArguments extends FollowArguments {
  readonly task?: readonly string[];
  readonly reason?: string;
  readonly watch?: boolean;
}

export const addJobRetry: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('retry')
    .argument('<job>', 'its id')
    .description('Reopens an ended job: what failed, was cancelled or was skipped by a failure runs again; the rest keeps its results.')
    .option('--task <task>', 'run this one again instead, with all that depends on it: its key or id; may be given again', oneMore)
    .option('--reason <text>', "why; kept in the job's events")
    .option('-w, --watch', 'show it live until it ends')
    .option('--json', 'print the job as one line of JSON; with --watch what happens from now on, one event a line')
    .addHelpText(
      'after',
      `
Examples:
  taskloom job retry 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --watch
  taskloom job retry 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --task fetch --reason 'the site is back'`,
    )
    .action(async (id: string, given: RetryArguments) => {
      const { withClient } = await import('../../jobs/connection.js');
      const { taskIdOf } = await import('../../jobs/task-id-of.js');
      const retry = async (client: TaskloomClient) => {
        const tasks = given.task && (await Promise.all(given.task.map((text) => taskIdOf(client, id, text))));
        return client.retryJob(id, { reason: given.reason, ...(tasks && { tasks }) });
      };
      if (given.watch) {
        const { followJob } = await import('../../jobs/follow-job.js');
        end(await followJob(retry, given, terminal));
        return;
      }
      end(
        await withClient(given, terminal, async (client) => {
          terminal.out(describeControlled(await retry(client), given));
          return 0;
        }),
      );
    });
  addFollowArguments(addConnectionArguments(command));
};
