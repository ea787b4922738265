import { TaskloomError } from '../errors/taskloom-error.js';
import type { Confirm, Submit } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { JobState } from './job-state.js';
import { saying } from './saying.js';

/** A new job with its graph. The graph was checked before; see graph/build-graph.ts. */
export function decideSubmit(state: JobState, command: Submit, at: number): JobEvent[] {
  const { actor, confirm } = command;
  const waitsFor = confirm ? 'confirmation' : state.runAt > at ? 'start-time' : null;
  return [
    { type: 'JOB_SUBMITTED', at, actor, name: state.name, workflow: state.workflow, waitsFor },
    { type: 'TASKS_ADDED', at, actor, from: 0, count: command.specs.length, by: null, specs: command.specs },
  ];
}

/** The job may run, now or from its start time on. */
export function decideConfirm(state: JobState, { actor, reason }: Confirm, at: number): JobEvent[] {
  if (state.status !== 'AWAITING_CONFIRMATION')
    throw new TaskloomError('ILLEGAL_MOVE', `Job ${state.id} is ${state.status}; only one that waits for confirmation can be confirmed.`, {
      details: { jobId: state.id, status: state.status },
    });
  return [{ type: 'JOB_CONFIRMED', at, actor, waitsFor: state.runAt > at ? 'start-time' : null, ...saying(reason) }];
}
