import type { Submit } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { JobState } from './job-state.js';

/** A new job with its graph. The graph was checked before; see graph/build-graph.ts. */
export function decideSubmit(state: JobState, command: Submit, at: number): JobEvent[] {
  const { actor } = command;
  return [
    { type: 'JOB_SUBMITTED', at, actor, name: state.name, workflow: state.workflow },
    { type: 'TASKS_ADDED', at, actor, from: 0, count: command.specs.length, by: null, specs: command.specs },
  ];
}
