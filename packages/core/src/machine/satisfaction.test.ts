import { describe, expect, it } from '@jest/globals';

import { DEPENDENCY_MODES, isTerminalTask, TASK_STATUSES, type DependencyMode, type TaskStatus } from '../model/task.js';
import { satisfactionOf, type Satisfaction } from './satisfaction.js';

const COMES_TO: { readonly [end: string]: Readonly<Record<DependencyMode, Satisfaction>> } = {
  COMPLETED: { completed: 'satisfied', settled: 'satisfied', failed: 'unsatisfiable' },
  ACCEPTED: { completed: 'satisfied', settled: 'satisfied', failed: 'unsatisfiable' },
  FAILED: { completed: 'unsatisfiable', settled: 'satisfied', failed: 'satisfied' },
  REJECTED: { completed: 'unsatisfiable', settled: 'satisfied', failed: 'satisfied' },
  SKIPPED: { completed: 'unsatisfiable', settled: 'satisfied', failed: 'unsatisfiable' },
  CANCELLED: { completed: 'unsatisfiable', settled: 'satisfied', failed: 'unsatisfiable' },
};

const cases = TASK_STATUSES.flatMap((status) => DEPENDENCY_MODES.map((mode): [TaskStatus, DependencyMode] => [status, mode]));

describe('a dependency', () => {
  it.each(cases.filter(([status]) => isTerminalTask(status)))('on a task that ended %s, by mode %s, is decided', (status, mode) => {
    expect(satisfactionOf(mode, status)).toBe(COMES_TO[status]![mode]);
  });

  it.each(cases.filter(([status]) => !isTerminalTask(status)))('on a task that is %s, by mode %s, is open', (status, mode) => {
    expect(satisfactionOf(mode, status)).toBe('open');
  });
});
