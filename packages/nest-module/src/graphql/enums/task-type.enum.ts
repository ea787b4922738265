import type { TaskType } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const TaskTypeEnum = registerEnum<TaskType>(
  'TaskType',
  'The level of a task in its job, from the top. Levels may be left out; subtasks may nest.',
  {
    OBJECTIVE: "The root of a job; its output is the job's.",
    STORY: 'A part of the objective.',
    TASK: 'A unit of work.',
    SUBTASK: 'A part of a task, often asked for while it runs.',
  },
);
