import type { JobState, TaskloomClient } from '@taskloom/client';
import { coloursFor, oneLine, viewOn } from '@taskloom/terminal';

import type { ExitCode, StopCode, Terminal } from '../terminal/terminal.js';
import { toJson } from '../terminal/to-json.js';
import { withClient } from './connection.js';
import { findJob } from './find-job.js';
import type { FollowArguments } from './follow-arguments.js';
import { exitCodeOf, tellEnd } from './tell-end.js';
import { watchJob } from './watch-job.js';

export interface Followed extends FollowArguments {
  /** With `json`: number of the last event that was seen already. Default 0. */
  readonly after?: number;
}

/**
 * Watches the job that `begin` starts or finds until it ends: a tree on a terminal, plain lines elsewhere, with `json` its
 * events. A lost connection is made again. Returns the exit code that tells what came of the job.
 */
export async function followJob(
  begin: (client: TaskloomClient) => Promise<JobState>,
  given: Followed,
  terminal: Terminal,
): Promise<ExitCode> {
  let onLost = (_cause: unknown): void => {};
  const act = async (client: TaskloomClient): Promise<ExitCode> => {
    const job = await begin(client);
    const leaving = new AbortController();
    void abortWhenStopped(leaving, terminal);
    if (given.json) await printEvents(client, job.id, given, terminal, leaving.signal);
    else {
      terminal.out(`${coloursFor(terminal.stdout, terminal.env).dim(`Job ${job.id}`)}\n`);
      const view = viewOn(terminal.stdout, { env: terminal.env, showAgents: true });
      onLost = (cause) => view.say(`The connection is lost, trying again. ${oneLine((cause as Error).message)}`);
      await watchJob(client, job, view, leaving.signal);
    }
    if (!leaving.signal.aborted) return given.json ? exitCodeOf(await findJob(client, job.id)) : tellEnd(client, job.id, terminal);
    if (!given.json) terminal.err(`\nThe job goes on without you. See it again with:\n  taskloom job watch ${job.id}\n`);
    return leaving.signal.reason as StopCode;
  };
  return withClient(given, terminal, act, { onRetry: ({ cause }) => onLost(cause), retryAttempts: given.reconnects });
}

/** The reason it gives is the code to end with. */
async function abortWhenStopped(leaving: AbortController, { stopped }: Terminal): Promise<void> {
  leaving.abort(await stopped());
}

/** One event a line, each as the API tells it. */
async function printEvents(client: TaskloomClient, id: string, { after }: Followed, { out }: Terminal, signal: AbortSignal): Promise<void> {
  for await (const event of client.jobEvents(id, { afterSeq: after, signal })) out(`${toJson(event)}\n`);
}
