import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/** A task's changing part: integers only, because each of its moves rewrites the row. */
export const taskTable = defineTable({
  name: TABLES.task,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'no', type: 'integer', isPrimary: true },
    { name: 'status', type: 'integer' },
    { name: 'reason', type: 'integer', isNullable: true },
    { name: 'caused_by', type: 'integer' },
    { name: 'generation', type: 'integer' },
    { name: 'attempt', type: 'integer' },
    { name: 'fence', type: 'long' },
    { name: 'strikes', type: 'integer' },
    { name: 'rounds', type: 'integer' },
    { name: 'available_at', type: 'long' },
    { name: 'started_at', type: 'long' },
    { name: 'finished_at', type: 'long' },
    { name: 'output_seq', type: 'integer' },
    { name: 'note_seq', type: 'integer' },
    { name: 'progress', type: 'integer' },
    { name: 'next_reason', type: 'integer' },
    { name: 'ready_at', type: 'long' },
    { name: 'condition_false', type: 'integer' },
    { name: 'rejections', type: 'integer' },
    { name: 'feedback_seq', type: 'integer' },
    { name: 'held', type: 'integer' },
    { name: 'updated_at', type: 'long' },
  ],
  withoutRowid: true,
  isHot: true,
});

/** A task's definition: written once. What few tasks have stands together in `details`. */
export const taskSpecTable = defineTable({
  name: TABLES.taskSpec,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'no', type: 'integer', isPrimary: true },
    { name: 'key', type: 'text' },
    { name: 'name', type: 'text', isNullable: true },
    { name: 'type', type: 'integer' },
    { name: 'parent', type: 'integer', isNullable: true },
    { name: 'agent', type: 'text', isNullable: true },
    { name: 'kind', type: 'text', isNullable: true },
    { name: 'assignee', type: 'text', isNullable: true },
    { name: 'priority', type: 'integer' },
    { name: 'strategy', type: 'integer' },
    { name: 'origin', type: 'integer' },
    { name: 'dependencies', type: 'text', isNullable: true },
    { name: 'input', type: 'text', isNullable: true },
    { name: 'details', type: 'text', isNullable: true },
    { name: 'created_at', type: 'long' },
  ],
  indices: [{ name: 'taskloom_task_spec_parent', columnNames: ['job_no', 'parent'] }],
  withoutRowid: true,
});

/** What a task's runs remember, `name` with its kind before it: where the event that holds each is found. */
export const stepTable = defineTable({
  name: TABLES.step,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'task', type: 'integer', isPrimary: true },
    { name: 'generation', type: 'integer', isPrimary: true },
    { name: 'name', type: 'text', isPrimary: true },
    { name: 'seq', type: 'integer' },
  ],
  withoutRowid: true,
});
