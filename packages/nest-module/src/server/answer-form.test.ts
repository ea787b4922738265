import { describe, expect, it } from '@jest/globals';

import { answerFormOf, withoutParameters } from './answer-form.js';

describe('how a request wants to be answered', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/graphql-response+json, application/json;q=0.9', 'json'],
    ['text/event-stream', 'stream'],
    ['Text/Event-Stream; charset=utf-8', 'stream'],
    ['text/event-stream, multipart/mixed', 'stream'],
    ['application/json;q=0, text/event-stream', 'stream'],
    ['application/json, text/event-stream;q=0', 'json'],
    ['text/html, text/*', 'none'],
    ['text/event-stream;q=0', 'none'],
    [';;,', 'none'],
    ['application/json, text/event-stream;q=0.5', 'either'],
    ['text/event-stream, */*;q=0.1', 'either'],
    ['application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed', 'either'],
  ])('accept: %s', (accept, form) => {
    expect(answerFormOf({ headers: accept === undefined ? {} : { accept } })).toBe(form);
  });
});

describe('the parameters of an accept header', () => {
  it('are left out, but for what comes first', () => {
    expect(withoutParameters('application/json; charset=latin1; q=0.5, */*;q=0.1;v=b3')).toBe('application/json; q=0.5, */*;q=0.1');
  });
});
