import { describe, expect, it } from '@jest/globals';

import { answerFormOf } from './answer-form.js';

describe('how a request wants to be answered', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/graphql-response+json, application/json;q=0.9', 'json'],
    ['text/event-stream', 'stream'],
    ['Text/Event-Stream; charset=utf-8', 'stream'],
    ['text/event-stream, multipart/mixed', 'stream'],
    ['application/json;q=0, text/event-stream', 'stream'],
    ['application/json, text/event-stream;q=0', 'json'],
    ['application/json, text/event-stream;q=0.5', 'either'],
    ['text/event-stream, */*;q=0.1', 'either'],
    ['application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed', 'either'],
  ])('accept: %s', (accept, form) => {
    expect(answerFormOf({ headers: accept === undefined ? {} : { accept } })).toBe(form);
  });
});
