import { describe, expect, it } from '@jest/globals';
import { TaskloomError, type Engine, type LimitGauge } from '@taskloom/core';

import { shownGauges } from './shown-gauges.js';

const engineWith = (limitGauges: () => readonly Partial<LimitGauge>[]): Engine => ({ limitGauges }) as unknown as Engine;
const failing = (code: 'RUNS_NO_TASKS' | 'ENGINE_STOPPED'): Engine =>
  engineWith(() => {
    throw new TaskloomError(code, 'not here');
  });

describe('the limits that metrics show', () => {
  it('are those that last', () => {
    const gauges = [{ kind: 'pool' }, { kind: 'job' }, { kind: 'key' }, { kind: 'agent' }] as const;
    expect(shownGauges(engineWith(() => gauges))).toEqual([{ kind: 'pool' }, { kind: 'agent' }]);
  });

  it('are none where another engine runs the tasks; what else fails, fails', () => {
    expect(shownGauges(failing('RUNS_NO_TASKS'))).toEqual([]);
    expect(() => shownGauges(failing('ENGINE_STOPPED'))).toThrow('not here');
  });
});
