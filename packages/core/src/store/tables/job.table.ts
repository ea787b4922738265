import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/** A job's changing part: narrow, because every commit rewrites it. */
export const jobTable = defineTable({
  name: TABLES.job,
  columns: [
    { name: 'no', type: 'long', isPrimary: true, isGenerated: true },
    { name: 'id', type: 'text', isUnique: true },
    { name: 'tenant', type: 'text' },
    { name: 'status', type: 'integer' },
    { name: 'success', type: 'integer', isNullable: true },
    { name: 'generation', type: 'integer' },
    { name: 'last_seq', type: 'integer' },
    { name: 'last_commit', type: 'text' },
    { name: 'started_at', type: 'long' },
    { name: 'finished_at', type: 'long' },
    { name: 'note_seq', type: 'integer' },
    { name: 'wake_at', type: 'long', isNullable: true },
    { name: 'counts', type: 'text' },
    { name: 'begun', type: 'integer' },
    { name: 'requests', type: 'integer' },
    { name: 'work_done', type: 'real', isNullable: true },
    { name: 'work_total', type: 'real', isNullable: true },
  ],
  indices: [{ name: 'taskloom_job_status', columnNames: ['status'] }],
  isHot: true,
});

/** A job's definition: written once. */
export const jobSpecTable = defineTable({
  name: TABLES.jobSpec,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'name', type: 'text' },
    { name: 'workflow', type: 'text', isNullable: true },
    { name: 'workflow_version', type: 'text', isNullable: true },
    { name: 'priority', type: 'integer' },
    { name: 'max_parallel', type: 'integer', isNullable: true },
    { name: 'strategy', type: 'integer' },
    { name: 'allowed_agents', type: 'text', isNullable: true },
    { name: 'confirm', type: 'integer' },
    { name: 'run_at', type: 'long', isNullable: true },
    { name: 'deadline', type: 'long', isNullable: true },
    { name: 'metadata', type: 'text', isNullable: true },
    { name: 'carried', type: 'text', isNullable: true },
    { name: 'created_at', type: 'long' },
  ],
  indices: [{ name: 'taskloom_job_spec_workflow', columnNames: ['workflow'] }],
});

/** Keys that make a repeated submission the same job. */
export const idempotencyTable = defineTable({
  name: TABLES.idempotency,
  columns: [
    { name: 'tenant', type: 'text', isPrimary: true },
    { name: 'key', type: 'text', isPrimary: true },
    { name: 'job_id', type: 'text' },
    { name: 'body_hash', type: 'text' },
  ],
  withoutRowid: true,
});
