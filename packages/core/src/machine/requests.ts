import { TaskloomError } from '../errors/taskloom-error.js';
import type { HumanRequested, JobEvent } from '../model/event.js';
import type { JobState, OpenRequest } from './job-state.js';

export function addRequest(state: JobState, { request, task, ask }: HumanRequested): void {
  const { kind, name, deadline, onTimeout, hash } = ask;
  state.requestCount = Math.max(state.requestCount, request);
  state.requests.set(request, { request, task, kind, name, deadline, onTimeout, hash, holdsJob: false });
}

/** @returns the request as it was */
export function closeRequest(state: JobState, no: number): OpenRequest {
  const request = state.requests.get(no);
  if (!request) throw new TaskloomError('INTERNAL', `The request ${no} of job ${state.id} is not open.`);
  state.requests.delete(no);
  // What it held back may go on.
  if (request.kind === 'failure') reofferAll(state);
  return request;
}

/** Its deadline has passed; it stays open all the same. */
export function letWait(state: JobState, no: number): void {
  const request = state.requests.get(no);
  if (request) state.requests.set(no, { ...request, deadline: null });
}

/** The hold on the job belongs to this question, or, as `null`, to no question any more. */
export function giveHold(state: JobState, to: number | null): void {
  for (const [no, request] of state.requests)
    if (request.holdsJob !== (no === to)) state.requests.set(no, { ...request, holdsJob: no === to });
}

/** Open requests of a task, or of all. */
export function openRequests(state: JobState, task: number | null): number[] {
  const found: number[] = [];
  for (const request of state.requests.values()) if (task === null || request.task === task) found.push(request.request);
  return found;
}

/** The events that close what nobody needs answered any more; where the job was held until then, it goes on. */
export function withdraw(state: JobState, requests: readonly number[], at: number): JobEvent[] {
  if (requests.length === 0) return [];
  const holdsJob = requests.some((no) => state.requests.get(no)!.holdsJob);
  return [
    ...(holdsJob ? [{ type: 'HOLD_LIFTED', at, actor: 'engine', task: 0 } as const] : []),
    { type: 'HUMAN_WITHDRAWN', at, actor: 'engine', requests },
  ];
}

/** Offers every READY task again: those that were held back when they became ready were not taken. */
export function reofferAll(state: JobState): void {
  for (const task of state.tasks) if (task.status === 'READY' && !state.delayed.has(task.no)) state.becameReady.push(task.no);
}
