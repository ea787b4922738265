/** What is watched over. */
export const ALERT_KINDS = ['TASK_DURATION', 'RESOURCE_USAGE', 'DEPENDENCY_WAIT', 'FAILURE_RATE'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** `CRITICAL`: twice the threshold, or, of a share, all there is. */
export const ALERT_LEVELS = ['WARNING', 'CRITICAL'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** Something passed its threshold, and may have come back since. */
export interface AlertView {
  readonly id: string;
  readonly kind: AlertKind;
  readonly level: AlertLevel;
  /** What it is about: a task's or a job's id, `agent:<name>` or `pool:<name>`. */
  readonly subject: string;
  /** The tenant whose job it is about; `null` for what all of them share. */
  readonly tenant: string | null;
  readonly jobId: string | null;
  readonly taskId: string | null;
  /** One sentence. */
  readonly message: string;
  /** Milliseconds, or a share 0–1; the highest since it was raised. */
  readonly value: number;
  readonly threshold: number;
  readonly raisedAt: number;
  /** `null` while it lasts. */
  readonly clearedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
}

export interface AlertFilter {
  /** Whether it still lasts; absent: both. */
  readonly isActive?: boolean;
  /** Alerts about this tenant's jobs alone. */
  readonly tenant?: string;
}
