import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/**
 * Jobs that were deleted because they ended long ago: what is left of them, so that nobody takes them for jobs that never were.
 * While `no` is there, rows of the job are, too.
 */
export const expiredJobTable = defineTable({
  name: TABLES.expiredJob,
  columns: [
    { name: 'id', type: 'text', isPrimary: true },
    { name: 'tenant', type: 'text' },
    { name: 'expired_at', type: 'long' },
    { name: 'no', type: 'long', isNullable: true },
    // Numbers of its rows, whatever they count, lie below this.
    { name: 'numbers', type: 'integer' },
  ],
  indices: [{ name: 'taskloom_expired_job_no', columnNames: ['no'] }],
  withoutRowid: true,
});
