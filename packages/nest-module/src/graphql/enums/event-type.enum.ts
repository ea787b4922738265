import type { EventType } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const EventTypeEnum = registerEnum<EventType>('EventType', 'A kind of fact about a job.', {
  JOB_SUBMITTED: 'The job was accepted and is durable.',
  TASKS_ADDED: 'Tasks came into the job.',
  TASK_STARTED: 'An attempt of a task began.',
  TASK_PROGRESSED: 'A running task said how far it is.',
  TASK_STEP_RECORDED: 'A running task finished one of its steps; it will not run that step again.',
  TASK_SUSPENDED: 'An attempt ended to wait for other tasks; the task will run again.',
  TASK_RETRY_SCHEDULED: 'An attempt failed; the task will be tried again.',
  TASK_ABANDONED: 'The process that ran the attempt died; the task will be tried again.',
  TASK_COMPLETED: 'A task has its output.',
  TASK_FAILED: 'A task failed for good.',
  TASK_SKIPPED: 'A task was skipped.',
  TASK_PARKED: 'A task waits for a person, or for code that is not there.',
  TASKS_RELEASED: 'What parked tasks waited for is there.',
  TASKS_FAILED: 'Tasks failed because of another task.',
  TASKS_SKIPPED: 'Tasks were skipped because of another task or the job.',
  TASKS_CANCELLED: 'Tasks were cancelled.',
  JOB_COMPLETED: 'The job has ended; streams of its events end here.',
  JOB_FAILED: 'The job has failed; streams of its events end here.',
  JOB_CANCELLED: 'The job was cancelled; streams of its events end here.',
  JOB_REOPENED: 'An ended job goes on: tasks of it run again.',
});
