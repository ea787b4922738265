import { isTaskloomError, type Engine, type LimitGauge } from '@taskloom/core';

/**
 * How full an engine's limits are. Limits of one job or one key come and go, and there may be any number of them: they are not
 * for metrics. Of an engine that runs no tasks there are none: the one that runs them tells.
 */
export function shownGauges(engine: Engine): readonly LimitGauge[] {
  try {
    return engine.limitGauges().filter(({ kind }) => kind !== 'job' && kind !== 'key');
  } catch (error) {
    if (isTaskloomError(error) && error.code === 'RUNS_NO_TASKS') return [];
    throw error;
  }
}
