import { parsePointer, readPointer, type Json } from '../kernel/json.js';
import type { Complete, RecordStep, ReportProgress, Skip } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalTask } from '../model/task.js';
import { currentAttempt } from './current-attempt.js';
import { dependentOf, type JobState, type TaskState } from './job-state.js';
import { skippedWith } from './select-tasks.js';

/** The attempt returned an output: the task is COMPLETED, and tasks whose condition it makes false are skipped with it. */
export function decideComplete(state: JobState, command: Complete, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const completed: JobEvent = {
    type: 'TASK_COMPLETED',
    at,
    actor: 'agent',
    task: task.no,
    attempt: task.attempt,
    output: command.output,
    summary: command.summary,
  };
  return state.hasConditions ? [completed, ...falseConditions(state, task, command.value, at)] : [completed];
}

function falseConditions(state: JobState, source: TaskState, output: Json | undefined, at: number): JobEvent[] {
  const events: JobEvent[] = [];
  for (const edge of source.dependents) {
    const dependent = state.tasks[dependentOf(edge)]!;
    if (dependent.conditionOn !== source.no || isTerminalTask(dependent.status)) continue;
    const value = readPointer(output, parsePointer(dependent.conditionPath) ?? []);
    if (value) continue;
    const already = new Set(events.flatMap((event) => ('tasks' in event ? event.tasks : [])));
    const tasks = skippedWith(state, dependent.no).filter((no) => !already.has(no));
    if (tasks.length > 0)
      events.push({ type: 'TASKS_SKIPPED', at, actor: 'engine', tasks, cause: { reason: 'CONDITION_FALSE', by: source.no } });
  }
  return events;
}

/** The agent found that its task does not apply. */
export function decideSkip(state: JobState, command: Skip, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_SKIPPED', at, actor: 'agent', task: task.no, cause: { reason: 'AGENT_SKIPPED', message: command.message } }];
}

export function decideRecordStep(state: JobState, command: RecordStep, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_STEP_RECORDED', at, actor: 'agent', task: task.no, name: command.name, value: command.value }];
}

export function decideProgress(state: JobState, command: ReportProgress, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_PROGRESSED', at, actor: 'agent', task: task.no, percent: command.percent, message: command.message }];
}
