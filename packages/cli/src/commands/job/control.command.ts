import type { ControlOptions, JobState, TaskloomClient } from '@taskloom/client';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments, type ConnectionArguments } from '../../jobs/connection-arguments.js';
import { describeControlled } from '../../jobs/describe-controlled.js';

interface ControlArguments extends ConnectionArguments {
  readonly reason?: string;
}

interface Control {
  readonly name: string;
  readonly description: string;
  /** Of a reason; where there is none, no event of it keeps one. */
  readonly reason?: string;
  readonly act: (client: TaskloomClient, id: string, options: ControlOptions) => Promise<JobState>;
}

export const addJobCancel = control({
  name: 'cancel',
  description: 'Cancels a job: what runs is stopped, the rest will not start.',
  reason: 'started by mistake',
  act: (client, id, options) => client.cancelJob(id, options),
});

export const addJobPause = control({
  name: 'pause',
  description: 'Starts nothing more of a job; what runs ends. Deadlines still count.',
  reason: 'the database is moved',
  act: (client, id, options) => client.pauseJob(id, options),
});

export const addJobResume = control({
  name: 'resume',
  description: 'Lets a paused job go on.',
  act: (client, id) => client.resumeJob(id),
});

export const addJobConfirm = control({
  name: 'confirm',
  description: 'Lets a job run that was started with --confirm.',
  act: (client, id) => client.confirmJob(id),
});

/** A command that does one thing to one job. */
function control({ name, description, reason, act }: Control): AddCommand {
  return (jobs, terminal, end) => {
    const command = jobs
      .command(name)
      .argument('<job>', 'its id')
      .description(description)
      .option('--json', 'print the job as it is now, as one line of JSON')
      .addHelpText(
        'after',
        `\nExample:\n  taskloom job ${name} 01a1fd45-f7d5-7d49-8eb9-d2ac85137102${reason === undefined ? '' : ` --reason '${reason}'`}`,
      )
      .action(async (id: string, given: ControlArguments) => {
        const { withClient } = await import('../../jobs/connection.js');
        end(
          await withClient(given, terminal, async (client) => {
            terminal.out(describeControlled(await act(client, id, { reason: given.reason }), given));
            return 0;
          }),
        );
      });
    if (reason !== undefined) command.option('--reason <text>', "why; kept in the job's events");
    addConnectionArguments(command);
  };
}
