import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { ALERT_KINDS, type AlertKind, type AlertView } from '../model/alert.js';
import { alertChanges, alertKey, type Reading } from './alert-rules.js';

const reading = (kind: AlertKind, value: number, threshold: number, subject = 's'): Reading => ({
  kind,
  subject,
  tenant: null,
  jobId: null,
  taskId: null,
  value,
  threshold,
  message: () => `it is ${value}`,
});

/** Alerts as they stand after each of the lists of readings, with all changes. */
function play(steps: readonly (readonly Reading[])[]): { changes: AlertView[][]; active: Map<string, AlertView> } {
  const active = new Map<string, AlertView>();
  let ids = 0;
  const changes = steps.map((readings, now) => {
    const changed = alertChanges(active, readings, now, () => `alert-${(ids += 1)}`);
    for (const alert of changed) {
      if (alert.clearedAt === null) active.set(alertKey(alert), alert);
      else active.delete(alertKey(alert));
    }
    return changed;
  });
  return { changes, active };
}

const shown = (changes: AlertView[][]): string[][] =>
  changes.map((step) => step.map(({ level, clearedAt }) => (clearedAt === null ? level : 'over')));

describe('an alert', () => {
  it('is raised at its threshold, and told once', () => {
    const { changes } = play([0.79, 0.8, 0.85].map((value) => [reading('RESOURCE_USAGE', value, 0.8)]));
    expect(shown(changes)).toEqual([[], ['WARNING'], []]);
    expect(changes[1]![0]).toMatchObject({ id: 'alert-1', value: 0.8, threshold: 0.8, raisedAt: 1, message: 'it is 0.8' });
  });

  it('stays while the value wavers about the threshold, and is over a tenth below it', () => {
    const { changes } = play([0.8, 0.79, 0.8, 0.73, 0.71, 0.79].map((value) => [reading('RESOURCE_USAGE', value, 0.8)]));
    expect(shown(changes)).toEqual([['WARNING'], [], [], [], ['over'], []]);
  });

  it('becomes critical once: at twice a time, or where all of a share is used', () => {
    expect(shown(play([100, 199, 200, 150, 250].map((value) => [reading('TASK_DURATION', value, 100)])).changes)).toEqual([
      ['WARNING'],
      [],
      ['CRITICAL'],
      [],
      [],
    ]);
    expect(shown(play([0.9, 1].map((value) => [reading('FAILURE_RATE', value, 0.1)])).changes)).toEqual([['WARNING'], ['CRITICAL']]);
  });

  it('is over when its subject is gone', () => {
    expect(shown(play([[reading('TASK_DURATION', 100, 100)], []]).changes)).toEqual([['WARNING'], ['over']]);
  });

  it('changes by one event at a time, begins with a raise and ends with an end', () => {
    const readings = fc
      .record({
        kind: fc.constantFrom(...ALERT_KINDS),
        subject: fc.constantFrom('a', 'b'),
        value: fc.double({ min: 0, max: 3, noNaN: true }),
      })
      .map(({ kind, subject, value }) => reading(kind, value, 0.8, subject));
    const steps = fc.array(fc.uniqueArray(readings, { selector: alertKey, maxLength: 6 }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (all) => {
        const { changes, active } = play(all);
        const open = new Map<string, AlertView>();
        for (const alert of changes.flat()) {
          const before = open.get(alert.id);
          // An end names an alert that was raised, a second word makes it more urgent, and nothing is said twice.
          if (alert.clearedAt !== null) expect(before).toBeDefined();
          else if (before) expect([before.level, alert.level]).toEqual(['WARNING', 'CRITICAL']);
          if (alert.clearedAt === null) open.set(alert.id, alert);
          else open.delete(alert.id);
        }
        expect([...open.keys()].toSorted()).toEqual([...active.values()].map(({ id }) => id).toSorted());
        for (const { kind, subject, value, threshold } of all.at(-1) ?? []) {
          if (value >= threshold) expect(active.has(alertKey({ kind, subject }))).toBe(true);
          if (value < 0.9 * threshold) expect(active.has(alertKey({ kind, subject }))).toBe(false);
        }
      }),
    );
  });
});
