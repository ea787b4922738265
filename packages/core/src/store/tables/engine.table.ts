import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/**
 * The engines that have written events, each in one row from its start on: events name it by its number. Rows stay when the
 * last event that names them is deleted: there is one for each start, and to find those that are not named any more would mean
 * to read the whole log.
 */
export const engineTable = defineTable({
  name: TABLES.engine,
  columns: [
    { name: 'no', type: 'integer', isPrimary: true, isGenerated: true },
    { name: 'id', type: 'text', isUnique: true },
    { name: 'name', type: 'text' },
    { name: 'started_at', type: 'long' },
  ],
});
