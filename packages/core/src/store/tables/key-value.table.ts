import { defineTable } from './define-table.js';
import { TABLES } from './table-names.js';

/**
 * Caches and shared state. The version is the row's number, which SQLite never gives twice, and a write makes a new row: so
 * no version comes back after its entry was deleted.
 */
export const keyValueTable = defineTable({
  name: TABLES.keyValue,
  columns: [
    { name: 'version', type: 'long', isPrimary: true, isGenerated: true },
    { name: 'tenant', type: 'text' },
    { name: 'scope', type: 'text' },
    { name: 'key', type: 'text' },
    { name: 'value', type: 'text' },
    { name: 'bytes', type: 'long' },
    { name: 'expires_at', type: 'long', isNullable: true },
    { name: 'used_at', type: 'long' },
  ],
  indices: [
    { name: 'taskloom_key_value_address', columnNames: ['tenant', 'scope', 'key'], isUnique: true },
    { name: 'taskloom_key_value_expiry', columnNames: ['expires_at'] },
  ],
});
