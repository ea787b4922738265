import { describe, expect, it } from '@jest/globals';
import type { EventView } from '@taskloom/core';

import { entryOf, lineOf, refusalOf } from './audit-entry.js';

const event = (more: Partial<EventView>): EventView => ({
  jobId: 'job',
  seq: 7,
  type: 'TASK_FAILED',
  taskId: 'job:3',
  taskKey: 'charge',
  at: Date.parse('2026-01-07T12:00:00.250Z'),
  actor: 'agent',
  engine: null,
  data: {},
  ...more,
});

describe('a line', () => {
  it('says when, what, to what, who and why', () => {
    const data = { attempt: 2, error: { code: 'AGENT_FAILED', message: 'card declined' }, timedOut: false };

    expect(entryOf(event({ data }), null)).toEqual({
      at: '2026-01-07T12:00:00.250Z',
      job: 'job',
      seq: 7,
      what: 'TASK_FAILED',
      task: 'charge',
      attempt: 2,
      who: 'agent',
      why: 'AGENT_FAILED: card declined',
    });
  });

  it.each([
    ['a reason', { reason: 'wrong customer' }, 'wrong customer'],
    ['a reason with what it means here', { reason: 'MANUAL', message: 'Ask Ada.' }, 'MANUAL: Ask Ada.'],
    [
      'an error behind a reason',
      { reason: 'CHILD_FAILED', error: { code: 'AGENT_FAILED', message: 'no' } },
      'CHILD_FAILED: AGENT_FAILED: no',
    ],
    ['a failure that something made up for', { recovered: { code: 'TASK_TIMEOUT', message: 'slow' } }, 'TASK_TIMEOUT: slow'],
    ['nothing', { reason: null, message: '' }, undefined],
  ])('gives as the reason %s', (_, data, why) => {
    expect(entryOf(event({ data }), null).why).toBe(why);
  });

  it('holds nothing that an agent or a person has worked out', () => {
    const secrets = { summary: 'secret', text: 'secret', about: { secret: 1 }, question: 'secret', percent: 5, message: 'secret' };

    expect(lineOf(entryOf(event({ type: 'TASK_PROGRESSED', data: secrets }), null))).not.toContain('secret');
  });

  it('names the tasks of an event that is about many', () => {
    const data = { tasks: ['job:1', 'job:2'], count: 200, reason: 'JOB_CANCELLED' };

    expect(entryOf(event({ taskKey: null, data }), null)).toMatchObject({ tasks: ['job:1', 'job:2'], count: 200 });
  });

  it('cuts a long reason', () => {
    const { why } = entryOf(event({ data: { reason: 'x'.repeat(5_000) } }), null);

    expect(why).toHaveLength(1_000);
    expect(why).toMatch(/x…$/);
  });

  it.each([
    ['line ends', 'a\nb\r\nc\u2028d\u2029e\u0085f'],
    ['what steers a terminal', 'a\u001b[2Jb\u009b31mc\u0007d\u0000e\u007ff'],
    ['what turns the reading direction', 'a\u202eb\u2066c\u200fd'],
    ['what is not seen', 'a\u200bb\ufeffc\u00add\u{e0041}e'],
    ['half characters', 'a\ud800b'],
  ])('escapes %s and says the same', (_, reason) => {
    const line = lineOf(entryOf(event({ data: { reason } }), null));

    expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    expect((JSON.parse(line) as { why: string }).why).toBe(reason);
  });

  it('leaves letters of all scripts as they are', () => {
    const reason = 'Größe, 大きさ, μέγεθος 👍';

    expect(lineOf(entryOf(event({ data: { reason } }), null))).toContain(reason);
  });

  it('of a refusal bounds what nobody has checked', () => {
    const name = { toString: () => 'n'.repeat(1_000) } as unknown as string;

    expect(refusalOf('SUBMIT_REFUSED', 0, 'Not now.', { name })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      what: 'SUBMIT_REFUSED',
      name: `${'n'.repeat(199)}…`,
      why: 'Not now.',
    });
  });
});
