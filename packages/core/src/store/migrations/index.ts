import { FirstTables1763700000001 } from './0001-first-tables.js';

/** In the order in which they run; append only. */
export const MIGRATIONS = [FirstTables1763700000001];
