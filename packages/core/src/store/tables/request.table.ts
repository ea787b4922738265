import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/** Questions to people. `data` is what people read; the answer stands in the event `closed_seq`. */
export const requestTable = defineTable({
  name: TABLES.request,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'no', type: 'integer', isPrimary: true },
    { name: 'task', type: 'integer' },
    { name: 'kind', type: 'integer' },
    { name: 'name', type: 'text' },
    { name: 'status', type: 'integer' },
    { name: 'deadline', type: 'long', isNullable: true },
    { name: 'on_timeout', type: 'integer' },
    { name: 'hash', type: 'text' },
    { name: 'data', type: 'text' },
    { name: 'created_at', type: 'long' },
    { name: 'closed_at', type: 'long', isNullable: true },
    { name: 'closed_seq', type: 'integer', isNullable: true },
    { name: 'holds_job', type: 'integer', default: 0 },
    { name: 'assignee', type: 'text', isNullable: true },
  ],
  indices: [{ name: 'taskloom_human_request_status', columnNames: ['status'] }],
  withoutRowid: true,
});
