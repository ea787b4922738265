import { eventTable, payloadTable } from './event.table.js';
import { idempotencyTable, jobSpecTable, jobTable } from './job.table.js';
import { keyValueTable } from './key-value.table.js';
import { requestTable } from './request.table.js';
import { stepTable, taskSpecTable, taskTable } from './task.table.js';
import type { TableDefinition } from './define-table.js';

/** The tables that every database has, in the order in which they were made. */
export const ALL_TABLES: readonly TableDefinition[] = [
  jobTable,
  jobSpecTable,
  taskTable,
  taskSpecTable,
  eventTable,
  payloadTable,
  stepTable,
  requestTable,
  idempotencyTable,
  keyValueTable,
];
