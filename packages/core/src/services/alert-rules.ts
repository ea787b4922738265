import type { AlertKind, AlertLevel, AlertView } from '../model/alert.js';

/** How much something amounts to now. */
export interface Reading {
  readonly kind: AlertKind;
  readonly subject: string;
  readonly tenant: string | null;
  readonly jobId: string | null;
  readonly taskId: string | null;
  readonly value: number;
  readonly threshold: number;
  /** A sentence, asked for only where an alert is raised or grows. */
  readonly message: () => string;
}

/** An alert is over when its value is this far below the threshold: one that wavers there does not come and go. */
const CLEAR_BELOW = 0.9;
/** Shares are critical where nothing is left; times at twice the threshold. */
const IS_SHARE: Readonly<Record<AlertKind, boolean>> = {
  TASK_DURATION: false,
  DEPENDENCY_WAIT: false,
  RESOURCE_USAGE: true,
  FAILURE_RATE: true,
};

export function alertKey({ kind, subject }: Pick<Reading, 'kind' | 'subject'>): string {
  return `${kind} ${subject}`;
}

/**
 * What the readings change: alerts to be raised, to be more urgent than they were, or to be over. What is not among the
 * readings is gone, and its alert with it.
 */
export function alertChanges(
  active: ReadonlyMap<string, AlertView>,
  readings: readonly Reading[],
  now: number,
  newId: () => string,
): AlertView[] {
  const changes: AlertView[] = [];
  const lasting = new Set<string>();
  for (const reading of readings) {
    const key = alertKey(reading);
    const alert = active.get(key);
    const { value, threshold } = reading;
    if (value < threshold * (alert ? CLEAR_BELOW : 1)) continue;
    lasting.add(key);
    const level = levelOf(reading);
    if (!alert) changes.push(raised(reading, level, now, newId()));
    else if (level === 'CRITICAL' && alert.level === 'WARNING') changes.push({ ...alert, level, value, message: reading.message() });
  }
  for (const [key, alert] of active) if (!lasting.has(key)) changes.push({ ...alert, clearedAt: now });
  return changes;
}

function raised(
  { kind, subject, tenant, jobId, taskId, value, threshold, message }: Reading,
  level: AlertLevel,
  now: number,
  id: string,
): AlertView {
  return {
    id,
    kind,
    level,
    subject,
    tenant,
    jobId,
    taskId,
    message: message(),
    value,
    threshold,
    raisedAt: now,
    clearedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
}

function levelOf({ kind, value, threshold }: Reading): AlertLevel {
  return value >= (IS_SHARE[kind] ? Math.max(1, threshold) : 2 * threshold) ? 'CRITICAL' : 'WARNING';
}
