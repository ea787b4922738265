import { isTerminalTask, type AttemptReason } from '../model/task.js';
import { isConditionFalse, runOrSkip, skipReason } from './gates.js';
import { modeOf, type JobState, type TaskState } from './job-state.js';
import { beginGeneration, move } from './moves.js';
import { countAwaited, recount } from './recount.js';
import { satisfactionBy } from './satisfaction.js';

/** The tasks begin a new generation, whatever they came to; tasks that they had added are superseded. */
export function reopenTasks(state: JobState, tasks: readonly number[], superseded: readonly number[], at: number): void {
  supersede(state, superseded);
  const isReopened = new Set(tasks);
  for (const no of tasks) {
    const task = state.tasks[no]!;
    const isNeeded = isReopened.has(task.fallbackOf) ? false : isRerouted(state, task);
    task.status = task.fallbackOf >= 0 && !isNeeded ? 'DORMANT' : 'PENDING';
    task.reason = null;
    task.causedBy = -1;
    task.noteSeq = 0;
    task.rejections = 0;
    task.feedbackSeq = 0;
    task.strikes = 0;
    beginGeneration(state, task, 'REOPENED');
  }
  recount(state);
  startPending(state, at);
  for (const task of state.tasks) if (task.status === 'BLOCKED' || task.status === 'READY') waitAgain(state, task);
}

/** Starts, or skips, what waits for nothing any more: what began anew, and what had waited for a task that is superseded now. */
export function startPending(state: JobState, at: number): void {
  for (const task of state.tasks) {
    if (task.status === 'DORMANT' && !skipsAgain(state, task)) skipUnneeded(state, task);
    if (task.openDependencies > 0 && isAboutToBegin(task)) skipsAgain(state, task);
    if (task.status !== 'PENDING' || skipsAgain(state, task) || !task.gateOpen) continue;
    if (task.openChildren === 0) runOrSkip(state, task, at);
    else move(state, task, 'BLOCKED', 'WAITING_CHILDREN');
  }
}

/** What it depended on had come, and it has not begun. */
function isAboutToBegin({ status, reason, attempt }: TaskState): boolean {
  return attempt === 0 && (status === 'READY' || (status === 'BLOCKED' && reason === 'WAITING_CHILDREN'));
}

/** A task that was about to run because what is below it had ended waits for it again. */
function waitAgain(state: JobState, task: TaskState): void {
  if (task.openChildren === 0) return;
  if (task.status === 'READY' && (task.attempt === 0 || task.nextReason === 'CHILDREN_FINISHED')) {
    move(state, task, 'BLOCKED', 'WAITING_CHILDREN');
  } else if (task.reason === 'WAITING_TIMER' || (task.status === 'READY' && RESUMES.has(task.nextReason))) {
    const until = task.availableAt;
    task.awaited = countAwaited(state, { ...task, status: 'BLOCKED', reason: 'WAITING_DEPENDENCIES' });
    if (task.awaited === 0) return;
    move(state, task, 'BLOCKED', 'WAITING_DEPENDENCIES');
    task.availableAt = until;
  }
}

/** Runs that begin because what a suspended attempt had asked for has come. */
const RESUMES: ReadonlySet<AttemptReason> = new Set(['DEPENDENCIES_RESOLVED', 'ANSWERED', 'SLEPT']);

/** Whether the task that it stands in for has failed and waits for it. */
function isRerouted(state: JobState, { fallbackOf }: TaskState): boolean {
  return fallbackOf >= 0 && state.tasks[fallbackOf]!.reason === 'WAITING_FALLBACK';
}

/** A fallback that was run anew by itself, whose task has ended without it, is not needed this time either. */
function skipUnneeded(state: JobState, { no, fallbackOf }: TaskState): void {
  if (isTerminalTask(state.tasks[fallbackOf]!.status)) state.agenda.push({ do: 'skip', task: no, by: fallbackOf, reason: 'NOT_NEEDED' });
}

/** Tasks that an earlier generation had added count no more. */
export function supersede(state: JobState, tasks: readonly number[]): void {
  for (const no of tasks) {
    const task = state.tasks[no]!;
    task.status = 'CANCELLED';
    task.reason = 'SUPERSEDED';
    task.availableAt = 0;
    state.touched.add(no);
  }
}

/** What kept its old end may still stand in the way of a reopened task: then it is skipped again, instead of waiting for ever. */
function skipsAgain(state: JobState, task: TaskState): boolean {
  for (let index = 0; index < task.dependencies.length; index += 1) {
    const source = state.tasks[task.dependencies[index]!]!;
    if (satisfactionBy(modeOf(task, index), source, task) !== 'unsatisfiable') continue;
    state.agenda.push({ do: 'skip', task: task.no, by: source.no, reason: skipReason(source) });
    return true;
  }
  if (!isConditionFalse(state, task)) return false;
  state.agenda.push({ do: 'skip', task: task.no, by: task.conditionOn, reason: 'CONDITION_FALSE' });
  return true;
}
