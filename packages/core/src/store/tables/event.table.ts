import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/** The log: one row for each fact, numbered without gaps in its job. `body` is an output or a step's result, `engine` the number of the engine that wrote it. */
export const eventTable = defineTable({
  name: TABLES.event,
  columns: [
    { name: 'job_no', type: 'long', isPrimary: true },
    { name: 'seq', type: 'integer', isPrimary: true },
    { name: 'type', type: 'integer' },
    { name: 'task', type: 'integer', isNullable: true },
    { name: 'at', type: 'long' },
    { name: 'actor', type: 'text' },
    { name: 'data', type: 'text', isNullable: true },
    { name: 'body', type: 'text', isNullable: true },
    { name: 'engine', type: 'integer', isNullable: true },
  ],
  withoutRowid: true,
});

/** JSON texts that are too long for the row they belong to. */
export const payloadTable = defineTable({
  name: TABLES.payload,
  columns: [
    { name: 'job_no', type: 'long' },
    { name: 'kind', type: 'integer' },
    { name: 'n', type: 'integer' },
    { name: 'data', type: 'text' },
  ],
  indices: [{ name: 'taskloom_payload_owner', columnNames: ['job_no', 'kind', 'n'], isUnique: true }],
});
