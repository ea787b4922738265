import type { AddCommand } from '../cli.js';
import { addJobAnswer } from './job/answer.command.js';
import { addJobCancel, addJobConfirm, addJobPause, addJobResume } from './job/control.command.js';
import { addJobGraph } from './job/graph.command.js';
import { addJobList } from './job/list.command.js';
import { addJobReport } from './job/report.command.js';
import { addJobRetry } from './job/retry.command.js';
import { addJobShow } from './job/show.command.js';
import { addJobStart } from './job/start.command.js';
import { addJobWatch } from './job/watch.command.js';

const COMMANDS: readonly AddCommand[] = [
  addJobStart,
  addJobList,
  addJobShow,
  addJobReport,
  addJobWatch,
  addJobCancel,
  addJobPause,
  addJobResume,
  addJobConfirm,
  addJobRetry,
  addJobAnswer,
  addJobGraph,
];

const HELP = `
Examples:
  taskloom job start welcome --input '{ "names": ["Ada"] }' --watch
  taskloom job list --status RUNNING,FAILED
  taskloom job watch 01a1fd45-f7d5-7d49-8eb9-d2ac85137102
  taskloom job show 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --json
  taskloom job report 01a1fd45-f7d5-7d49-8eb9-d2ac85137102

Where the application is: --url, or TASKLOOM_URL; who asks: --token, or TASKLOOM_TOKEN.

Ends with 0 when it is done (of a job that is watched: it completed), 1 when the job failed or was cancelled, 2 when it was
misused, 3 when the server cannot be reached, 4 when there is no such thing for this caller, 5 when the API refused it,
130 after Ctrl-C.`;

export const addJob: AddCommand = (program, terminal, end) => {
  const job = program.command('job').description('Starts, shows and steers jobs of a running application.').addHelpText('after', HELP);
  for (const add of COMMANDS) add(job, terminal, end);
};
