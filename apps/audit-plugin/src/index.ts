export { auditPlugin } from './audit-plugin.js';
export type { AuditEntry } from './audit-entry.js';
export { FSYNC_POLICIES, type AuditOptions, type FsyncPolicy } from './options.js';
export type { AuditRule, CancelRule, Names, StartRule, SubmitRule } from './rules.js';
export { DAYS, type Day, type TimeWindow } from './time-window.js';
