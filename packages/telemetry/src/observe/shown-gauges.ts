import type { LimitGauge } from '@taskloom/core';

/** Limits of one job or one key come and go, and there may be any number of them: they are not for metrics. */
export function shownGauges(gauges: readonly LimitGauge[]): readonly LimitGauge[] {
  return gauges.filter(({ kind }) => kind !== 'job' && kind !== 'key');
}
