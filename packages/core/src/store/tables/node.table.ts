import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/**
 * Which engine works on the jobs of this database, in its only row. Whoever takes over raises the fence; times are the
 * database's own.
 */
export const nodeTable = defineTable({
  name: TABLES.node,
  columns: [
    { name: 'no', type: 'integer', isPrimary: true },
    { name: 'holder', type: 'text' },
    { name: 'fence', type: 'long' },
    { name: 'expires_at', type: 'long' },
    // The session that holds it; where it is gone, so is the engine.
    { name: 'backend', type: 'integer' },
    { name: 'backend_start', type: 'text' },
  ],
  isHot: true,
});
