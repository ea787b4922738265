import type { TaskStatus } from '../model/task.js';

/** Fill colours by status, light enough for dark text; docs/state-machine.md uses the same. */
export const STATUS_COLORS: Readonly<Record<TaskStatus, string>> = {
  PENDING: '#d9d9d9',
  READY: '#fff2b3',
  IN_PROGRESS: '#9ec5fe',
  BLOCKED: '#ffd8a8',
  COMPLETED: '#b2e2b6',
  FAILED: '#f5b5b5',
  SKIPPED: '#ececec',
  CANCELLED: '#cfc8c4',
  ACCEPTED: '#d3c0f0',
  REJECTED: '#d9b99b',
  DORMANT: '#f4f4f4',
};
