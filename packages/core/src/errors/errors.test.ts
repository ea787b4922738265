import { describe, expect, it } from '@jest/globals';

import { ConfigError } from './definition-errors.js';
import { ERROR_CODES, isErrorCode } from './error-codes.js';
import { GraphError, type GraphProblem } from './graph-error.js';
import { DependencyFailedError } from './job-errors.js';
import { FatalError, RetryableError, RetryAfterError, steeringOf } from './steering-errors.js';
import { isTaskloomError, TaskloomError } from './taskloom-error.js';

describe('the registry of codes', () => {
  it.each(Object.entries(ERROR_CODES))('says of %s what happened and what to do, in sentences', (code, { title, remedy }) => {
    expect(code).toMatch(/^[A-Z][A-Z_]+$/);
    expect(title).toMatch(/^[A-Z`].+\.$/s);
    expect(remedy).toMatch(/^[A-Z`"].+\.$/s);
  });

  it.each(['toString', '__proto__', 'constructor', '', 'internal', null, 5])('does not know %p', (code) => {
    expect(isErrorCode(code)).toBe(false);
  });
});

describe('an error of the framework', () => {
  it('brings its category and its remedy', () => {
    const error = new TaskloomError('GRAPH_CYCLE', 'a → a');

    expect(error).toMatchObject({ name: 'TaskloomError', category: 'graph', remedy: ERROR_CODES.GRAPH_CYCLE.remedy, details: {} });
    expect(isTaskloomError(error)).toBe(true);
    expect(isTaskloomError(new Error('x'))).toBe(false);
    expect([isTaskloomError(null), isTaskloomError('x'), isTaskloomError(undefined)]).toEqual([false, false, false]);
  });

  it('may know a better remedy', () => {
    expect(new TaskloomError('DRIVER_MISSING', 'x', { remedy: 'Install it.' }).remedy).toBe('Install it.');
  });
});

describe('several wrong options', () => {
  it('are all listed', () => {
    const error = new ConfigError(['one is wrong', 'two is wrong']);

    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toBe('2 problems:\n  - one is wrong\n  - two is wrong');
    expect(error.details).toEqual({ problems: ['one is wrong', 'two is wrong'] });
  });

  it('are said plainly where there is one', () => {
    expect(new ConfigError(['one is wrong']).message).toBe('one is wrong');
  });
});

describe('a refused graph', () => {
  const problem = (code: GraphProblem['code'], no: number): GraphProblem => ({ code, taskKey: `t${no}`, message: `problem ${no}` });

  it('has the code of its problems where they share one', () => {
    expect(new GraphError([problem('DUPLICATE_TASK', 1), problem('DUPLICATE_TASK', 2)]).code).toBe('DUPLICATE_TASK');
    expect(new GraphError([problem('DUPLICATE_TASK', 1), problem('UNKNOWN_AGENT', 2)]).code).toBe('GRAPH_INVALID');
  });

  it('lists 20 problems and counts the rest', () => {
    const error = new GraphError(Array.from({ length: 23 }, (_, no) => problem('UNKNOWN_AGENT', no)));

    expect(error.message).toContain('23 problems');
    expect(error.message).toContain('… and 3 more');
    expect(error.details['problems']).toHaveLength(20);
    expect(error.problems).toHaveLength(23);
  });

  it('says the details of a single problem themselves', () => {
    expect(new GraphError([{ ...problem('GRAPH_CYCLE', 1), details: { cycle: ['a'] } }]).details).toMatchObject({ cycle: ['a'] });
  });

  it('has a problem', () => {
    expect(() => new GraphError([])).toThrow(RangeError);
  });
});

describe('a dependency that failed', () => {
  it('tells which task, how it ended and why', () => {
    const error = new DependencyFailedError('fetch', 'FAILED', { code: 'TASK_TIMEOUT', message: 'too slow' });

    expect(error).toMatchObject({ code: 'DEPENDENCY_FAILED', taskKey: 'fetch', status: 'FAILED' });
    expect(error.message).toBe('The task "fetch" ended FAILED: too slow.');
  });
});

describe('what a thrown error steers', () => {
  it.each<[string, unknown, ReturnType<typeof steeringOf>]>([
    ['FatalError', new FatalError('x'), { kind: 'fatal', retryAfterMs: 0 }],
    ['RetryableError', new RetryableError('x'), { kind: 'retryable', retryAfterMs: 0 }],
    ['RetryAfterError', new RetryAfterError('x', '5s'), { kind: 'retry-after', retryAfterMs: 5_000 }],
    ['any other error', new Error('x'), null],
    ['a text', 'x', null],
    ['null', null, null],
  ])('%s', (_, thrown, steering) => {
    expect(steeringOf(thrown)).toEqual(steering);
  });

  it('waits at most a day, and not at all for what is no duration', () => {
    expect(new RetryAfterError('x', '7d').retryAfterMs).toBe(86_400_000);
    expect(new RetryAfterError('x', 'soon' as '1s').retryAfterMs).toBe(0);
    expect(new RetryAfterError('x', -5).retryAfterMs).toBe(0);
  });

  it('has a name of its own and keeps its cause', () => {
    const cause = new Error('why');

    expect(new FatalError('x', { cause })).toMatchObject({ name: 'FatalError', message: 'x', cause });
  });
});
