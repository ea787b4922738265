import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { FatalError, isTaskloomError, TaskloomError } from '@taskloom/core';

import { Redactor } from './redactor.js';
import { isSecret, secret } from './secret.js';

const VALUE = 'pass"word\\ünder/+?';

function redactor(): Redactor {
  const made = new Redactor();
  made.hide('key', VALUE);
  return made;
}

describe('a secret', () => {
  it('shows itself to nobody, and is revealed to who asks', () => {
    const hidden = secret(VALUE);
    const shown = [String(hidden), `${hidden}`, JSON.stringify({ hidden }), inspect({ hidden }), inspect(hidden, { showHidden: true })];
    expect(shown.join('\n')).not.toContain('word');
    expect(shown[0]).toBe('[secret]');
    expect(Object.getOwnPropertyNames(hidden)).toEqual([]);
    expect(hidden.reveal()).toBe(VALUE);
    expect([isSecret(hidden), isSecret(VALUE), isSecret(null), isSecret({})]).toEqual([true, false, false, false]);
  });
});

describe('a text', () => {
  it.each([
    ['as it is', VALUE],
    ['in JSON', JSON.stringify({ at: VALUE })],
    ['in JSON inside of JSON', JSON.stringify(JSON.stringify([VALUE]))],
    ['in a URL', `https://example.org/?key=${encodeURIComponent(VALUE)}&x=1`],
    ['in base64', Buffer.from(`Basic ${VALUE} and more`).toString('base64')],
    ['in base64 one byte on', Buffer.from(`user1:${VALUE}`).toString('base64')],
    ['in base64 two bytes on', Buffer.from(`user12:${VALUE}!`).toString('base64')],
    ['in base64 for URLs', Buffer.from(`u:${VALUE}`).toString('base64url')],
  ])('loses the value %s', (_how, text) => {
    expect(redactor().text(text)).toContain('[secret:key]');
    const rest = redactor().text(text);
    for (const form of [VALUE, 'word', encodeURIComponent(VALUE)]) expect(rest).not.toContain(form);
  });

  it('without one stays the same, and so does a value', () => {
    const value = { list: [1, 'two', null], at: new Date(0) };
    expect(redactor().text('nothing to hide')).toBe('nothing to hide');
    expect(redactor().json(value)).toBe(value);
  });
});

describe('a JSON value', () => {
  it('loses it in texts and keys at any depth', () => {
    expect(redactor().json({ a: [{ [VALUE]: `x${VALUE}y${VALUE}` }], b: 1 })).toEqual({
      a: [{ '[secret:key]': 'x[secret:key]y[secret:key]' }],
      b: 1,
    });
  });
});

describe('what is thrown', () => {
  it('loses it in message, stack, details and causes, and stays what it was', () => {
    const cause = new AggregateError([new Error(VALUE)], `cause ${VALUE}`, { cause: `deep ${VALUE}` });
    const coded = new TaskloomError('AGENT_FAILED', `no ${VALUE}`, { details: { tried: [VALUE] }, cause });
    const clean = redactor().thrown(coded) as TaskloomError & { cause: AggregateError };
    expect(clean).toBeInstanceOf(TaskloomError);
    expect(isTaskloomError(clean)).toBe(true);
    expect(clean).toMatchObject({ code: 'AGENT_FAILED', message: 'no [secret:key]', details: { tried: ['[secret:key]'] } });
    expect(clean.cause).toMatchObject({ message: 'cause [secret:key]', cause: 'deep [secret:key]' });
    expect(`${clean.stack} ${clean.cause.stack}`).not.toContain('word');
    expect(coded.message).toContain(VALUE);

    const fatal = redactor().thrown(new FatalError(VALUE));
    expect(fatal).toBeInstanceOf(FatalError);
  });

  it.each([
    ['a text', VALUE, '[secret:key]'],
    ['nothing', undefined, undefined],
    ['a number', 7, 7],
    ['a frozen error', Object.freeze(new RangeError(VALUE)), expect.objectContaining({ message: '[secret:key]' })],
    ['an object', { message: VALUE }, expect.objectContaining({ message: '[secret:key]' })],
  ])('may be %s', (_what, thrown, expected) => {
    expect(redactor().thrown(thrown)).toEqual(expected);
  });

  it('without one is given on as it is, with a cause that goes round, too', () => {
    const error: Error & { cause?: unknown } = new Error('fine');
    error.cause = error;
    expect(redactor().thrown(error)).toBe(error);
  });

  it('that cannot be read is replaced', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(redactor().thrown(proxy)).toMatchObject({ message: 'an error that cannot be read was thrown' });
  });
});

describe('who keeps what was cleaned', () => {
  it('is told when there is more to hide', () => {
    const made = redactor();
    let told = 0;
    made.onHide(() => (told += 1));
    made.hide('other', 'another-secret');
    expect(told).toBe(1);
  });
});
