import type { IncomingMessage } from 'node:http';

/** How a request wants to be answered: as JSON, as an event stream, as either, whichever fits its operation, or as nothing that is given here. */
export type AnswerForm = 'json' | 'stream' | 'either' | 'none';

const EVENT_STREAM = 'text/event-stream';
const JSON_RANGES: ReadonlySet<string> = new Set(['application/json', 'application/graphql-response+json', 'application/*', '*/*']);

/** By its `accept` header. A stream is never guessed: only who names its media type gets one. */
export function answerFormOf({ headers }: Pick<IncomingMessage, 'headers'>): AnswerForm {
  const accepted = (headers.accept || '*/*').toLowerCase().split(',').filter(isWanted).map(mediaRangeOf);
  const takesJson = accepted.some((range) => JSON_RANGES.has(range));
  if (!accepted.includes(EVENT_STREAM)) return takesJson ? 'json' : 'none';
  return takesJson ? 'either' : 'stream';
}

/** An `accept` header without the parameters of its media types: JSON is UTF-8, whatever else is asked for. */
export function withoutParameters(accept: string): string {
  return accept.replaceAll(/;(?!\s*q=)[^;,]*/gi, '');
}

function mediaRangeOf(entry: string): string {
  return entry.split(';', 1)[0]!.trim();
}

/** `q=0` says: anything but that. */
function isWanted(entry: string): boolean {
  return !/;\s*q=0(\.0*)?\s*(;|$)/.test(entry);
}
