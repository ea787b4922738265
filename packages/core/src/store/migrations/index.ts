import { FirstTables1763700000001 } from './0001-first-tables.js';
import { ExpiredJobs1764300000002 } from './0002-expired-jobs.js';
import { Assignees1764300000003 } from './0003-assignees.js';
import { TaskCosts1764300000004 } from './0004-task-costs.js';
import { WorkOfJobs1764300000005 } from './0005-work-of-jobs.js';
import { EnginesOfEvents1764400000006 } from './0006-engines-of-events.js';

/** In the order in which they run; append only. */
export const MIGRATIONS = [
  FirstTables1763700000001,
  ExpiredJobs1764300000002,
  Assignees1764300000003,
  TaskCosts1764300000004,
  WorkOfJobs1764300000005,
  EnginesOfEvents1764400000006,
];
