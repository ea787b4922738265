import { FirstTables1763700000001 } from './0001-first-tables.js';
import { ExpiredJobs1764300000002 } from './0002-expired-jobs.js';

/** In the order in which they run; append only. */
export const MIGRATIONS = [FirstTables1763700000001, ExpiredJobs1764300000002];
