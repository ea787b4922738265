import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/** What tasks have spent of each unit, over all their attempts; task -1 is the whole job. */
export const taskCostTable = defineTable({
  name: TABLES.taskCost,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'task_no', type: 'integer', isPrimary: true },
    { name: 'unit', type: 'text', isPrimary: true },
    { name: 'amount', type: 'real' },
  ],
  withoutRowid: true,
});
