import { parsePointer, readPointer, type Json } from '../kernel/json.js';
import type { Complete, RecordStep, ReportProgress, Skip } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { currentAttempt } from './current-attempt.js';
import { dependentOf, type JobState, type TaskState } from './job-state.js';

/** The attempt returned an output: the task is COMPLETED, and the conditions on that output are decided. */
export function decideComplete(state: JobState, command: Complete, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const { output, summary, cachedFrom } = command;
  const falseConditions = state.hasConditions ? findFalseConditions(state, task, output === 'children' ? [] : command.value) : NONE;
  const from = cachedFrom === undefined ? undefined : { cachedFrom };
  return [{ type: 'TASK_COMPLETED', at, actor: 'agent', task: task.no, attempt: task.attempt, output, summary, falseConditions, ...from }];
}

const NONE: readonly number[] = [];

function findFalseConditions(state: JobState, source: TaskState, output: Json | undefined): readonly number[] {
  return source.dependents
    .map((edge) => state.tasks[dependentOf(edge)]!)
    .filter((dependent) => dependent.conditionOn === source.no && !conditionOf(dependent, output))
    .map(({ no }) => no);
}

function conditionOf({ conditionPath, conditionOr }: TaskState, output: Json | undefined): boolean {
  const value = readPointer(output, parsePointer(conditionPath) ?? []);
  return value === undefined ? conditionOr : Boolean(value);
}

/** The agent found that its task does not apply. */
export function decideSkip(state: JobState, command: Skip, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_SKIPPED', at, actor: 'agent', task: task.no, cause: { reason: 'AGENT_SKIPPED', message: command.message } }];
}

export function decideRecordStep(state: JobState, command: RecordStep, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [
    {
      type: 'TASK_STEP_RECORDED',
      at,
      actor: 'agent',
      task: task.no,
      name: command.name,
      value: command.value,
      generation: task.generation,
    },
  ];
}

export function decideProgress(state: JobState, command: ReportProgress, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_PROGRESSED', at, actor: 'agent', task: task.no, percent: command.percent, message: command.message }];
}
