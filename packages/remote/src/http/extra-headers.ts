import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Headers of the application's own, for example `authorization`. A function is asked for each call. */
export type ExtraHeaders =
  Readonly<Record<string, string>> | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

const MOST_CHARACTERS = 8_192;
/** What the protocol and the connection need for themselves. */
const RESERVED =
  /^(?:taskloom-.*|idempotency-key|host|connection|content-.*|transfer-encoding|accept|accept-encoding|expect|upgrade|te|trailer|keep-alive|proxy-.*)$/i;

/** What is wrong with headers; their values are secrets and are not shown. */
export function headerProblems(headers: unknown, owner: string): readonly string[] {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
    return [`\`headers\` of ${owner} must be an object of texts.`];
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) => {
    if (RESERVED.test(name)) return [`\`headers\` of ${owner} may not set "${name}": it belongs to the protocol.`];
    if (typeof value !== 'string' || value.length > MOST_CHARACTERS || !isValid(name, value))
      return [`The header ${JSON.stringify(name.slice(0, 80))} of ${owner} is no valid header of at most ${MOST_CHARACTERS} characters.`];
    return [];
  });
}

function isValid(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
