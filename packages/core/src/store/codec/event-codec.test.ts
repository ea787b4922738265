import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { eventsOf, specs } from '../../testing/store-contract/arbitraries.js';
import { EVENT_TYPES, type JobEvent } from '../../model/event.js';
import { decodeEvent, encodeEvent, eventTypes, toEventView, type EventRow, type ShownEventRow } from './event-codec.js';

/** The row as it is read, with the long text put back where the store would. */
function rowOf(event: JobEvent, seq = 1): EventRow {
  const { task, data, text } = encodeEvent(event);
  return {
    seq,
    type: eventTypes.toIndex(event.type),
    task,
    at: event.at,
    actor: event.actor,
    data,
    body: text === null ? null : text.json,
  };
}

/** The same for readers, of the engine numbered 3. */
const shown = (event: JobEvent, seq = 1): ShownEventRow => {
  const row = rowOf(event, seq);
  return { ...row, key: row.task === null ? null : `key-${row.task}`, engine: 3 };
};

const ENGINE = { id: 'e1', name: 'web' };
const engines = new Map([[3, ENGINE]]);
const parts = { at: 5, actor: 'engine' } as const;

describe('an event', () => {
  it.each(EVENT_TYPES)('%s is read back as it was decided', (type) => {
    fc.assert(fc.property(eventsOf(type) as fc.Arbitrary<JobEvent>, (event) => expect(decodeEvent(rowOf(event), [])).toEqual(event)));
  });

  it('of added tasks names their range, and gets their definitions back', () => {
    fc.assert(
      fc.property(fc.array(specs, { maxLength: 4 }), fc.nat(3), (list, from) => {
        const all = list.map((spec, no) => ({ ...spec, no }));
        const added = all.slice(from);
        const event: JobEvent = { type: 'TASKS_ADDED', ...parts, from, count: added.length, by: null, specs: added };

        expect(decodeEvent(rowOf(event), all)).toEqual(event);
        expect(encodeEvent(event).data!.length).toBeLessThan(60);
      }),
    );
  });

  it('never keeps a long text in its data', () => {
    const value = { json: JSON.stringify('x'.repeat(10_000)), bytes: 10_002 };

    for (const event of [
      { type: 'TASK_COMPLETED', ...parts, task: 1, attempt: 1, output: value, summary: null, falseConditions: [] },
      { type: 'TASK_STEP_RECORDED', ...parts, task: 1, kind: 'step', name: 's', value, generation: 1 },
    ] as const) {
      expect(encodeEvent(event).data!.length).toBeLessThan(100);
      expect(encodeEvent(event).text).toEqual(value);
    }
  });

  it('is written as an index that never changes: new types come last', () => {
    expect(EVENT_TYPES.map((type) => eventTypes.toIndex(type))).toEqual(EVENT_TYPES.map((_, index) => index));
    expect(EVENT_TYPES.slice(0, 4)).toEqual(['JOB_SUBMITTED', 'TASKS_ADDED', 'TASK_STARTED', 'TASK_PROGRESSED']);
    expect(EVENT_TYPES[19]).toBe('JOB_REOPENED');
  });

  it('of a type that this version does not know is refused by name', () => {
    expect(() => decodeEvent({ ...rowOf({ type: 'JOB_COMPLETED', ...parts, success: true }), type: 999 }, [])).toThrow(RangeError);
  });
});

describe('an event for readers', () => {
  it('has public ids instead of numbers', () => {
    const view = toEventView(
      'job',
      shown({ type: 'TASKS_SKIPPED', ...parts, tasks: [1, 2, 5], cause: { reason: 'DEPENDENCY_FAILED', by: 3 } }, 7),
      engines,
    );

    expect(view).toEqual({
      jobId: 'job',
      seq: 7,
      type: 'TASKS_SKIPPED',
      taskId: null,
      taskKey: null,
      at: 5,
      actor: 'engine',
      engine: ENGINE,
      data: { tasks: ['job:1', 'job:2', 'job:5'], count: 3, reason: 'DEPENDENCY_FAILED', by: 'job:3' },
    });
  });

  it('of which no engine is told, or one that is not there, has none', () => {
    const row = shown({ type: 'JOB_STARTED', ...parts });

    expect(toEventView('job', { ...row, engine: null }, engines).engine).toBeNull();
    expect(toEventView('job', { ...row, engine: 4 }, engines).engine).toBeNull();
  });

  it('names its task by id and key', () => {
    expect(toEventView('job', shown({ type: 'TASK_STARTED', ...parts, task: 4, attempt: 1, fence: 2 }), engines)).toMatchObject({
      taskId: 'job:4',
      taskKey: 'key-4',
      data: { attempt: 1, fence: 2 },
    });
  });

  it('shows at most 100 tasks, and counts them all', () => {
    const tasks = Array.from({ length: 100_000 }, (_, no) => no);
    const { data } = toEventView('job', shown({ type: 'TASKS_CANCELLED', ...parts, tasks, cause: { reason: 'JOB_CANCELLED' } }), engines);

    expect(data['tasks']).toHaveLength(100);
    expect(data['count']).toBe(100_000);
  });

  it('never shows an output', () => {
    const output = { json: '"secret"', bytes: 8 };
    const view = toEventView(
      'job',
      shown({ type: 'TASK_COMPLETED', ...parts, task: 1, attempt: 1, output, summary: 'Done.', falseConditions: [2] }),
      engines,
    );

    expect(view.data).toEqual({ attempt: 1, bytes: 8, summary: 'Done.', falseConditions: ['job:2'] });
  });

  it('is JSON, whatever the event', () => {
    for (const type of EVENT_TYPES)
      fc.assert(
        fc.property(eventsOf(type) as fc.Arbitrary<JobEvent>, (event) => {
          const view = toEventView('job', shown(event), engines);

          expect(JSON.parse(JSON.stringify(view))).toEqual(view);
        }),
        { numRuns: 20 },
      );
  });
});
