import type { Readable } from 'node:stream';

import type { Agent } from 'undici';

import { RemoteAgentError } from '../errors.js';
import { BodyTooLarge, readBody } from './read-body.js';

export interface Exchange {
  readonly agent: Agent;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** As it is shown in messages. */
  readonly what: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

const OK = 200;
const REMARK_BYTES = 16_384;
/** What breaks inside the HTTP of the other side, not on the way to it; the first is of what does not even begin like HTTP. */
const BAD_HTTP = /^(?:HTTPParserError|HPE_|Z_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)/;

/**
 * Sends a message and reads the whole answer, however the other side behaves: in `timeoutMs`, at most `maxBytes`.
 *
 * @throws RemoteAgentError `EGRESS_BLOCKED`, `AGENT_UNREACHABLE`, `AGENT_TIMEOUT`, `AGENT_ANSWER_INVALID`,
 *   `RESPONSE_TOO_LARGE`; the signal's reason
 */
export async function postMessage(exchange: Exchange): Promise<HttpAnswer> {
  const { agent, url, headers, body, timeoutMs, signal, what } = exchange;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const response = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'gzip' },
      body,
      signal: AbortSignal.any([signal, timeout.signal]),
    });
    const header = (name: string): string | undefined => {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    };
    // Reading may end before the body does; what the stream says then has been said already.
    response.body.on('error', () => undefined);
    const read = response.statusCode === OK ? readAnswer : readRemark;
    return { status: response.statusCode, header, body: await read(response.body, header, exchange) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.signal.aborted)
      throw new RemoteAgentError('AGENT_TIMEOUT', `${what} did not answer within ${timeoutMs} ms.`, {
        steering: 'retryable',
        details: { timeoutMs },
      });
    throw exchangeError(error, what);
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswer(stream: Readable, header: HttpAnswer['header'], { maxBytes, what }: Exchange): Promise<Buffer> {
  const encoding = (header('content-encoding') ?? 'identity').toLowerCase();
  if (encoding !== 'gzip' && encoding !== 'identity') {
    stream.destroy();
    throw new RemoteAgentError('AGENT_ANSWER_INVALID', `${what} answered with a content encoding that was not asked for.`);
  }
  if (encoding === 'identity' && Number(header('content-length')) > maxBytes) {
    stream.destroy();
    throw new BodyTooLarge(maxBytes);
  }
  return readBody(stream, maxBytes, encoding);
}

/** What stands beside another status than 200 is worth a sentence at most: the status says it all. */
async function readRemark(stream: Readable, _header: HttpAnswer['header'], { signal }: Exchange): Promise<Buffer> {
  try {
    return await readBody(stream, REMARK_BYTES);
  } catch {
    signal.throwIfAborted();
    return Buffer.alloc(0);
  }
}

function exchangeError(error: unknown, what: string): Error {
  if (error instanceof RemoteAgentError) return error;
  if (error instanceof BodyTooLarge)
    return new RemoteAgentError('RESPONSE_TOO_LARGE', `${what} answered with more than ${error.limit} bytes.`, {
      details: { limit: error.limit },
    });
  const code = codeOf(error);
  if (BAD_HTTP.test(code))
    return new RemoteAgentError('AGENT_ANSWER_INVALID', `${what} answered with broken HTTP (${code}).`, { cause: error });
  return new RemoteAgentError('AGENT_UNREACHABLE', `${what} could not be reached (${code}).`, { steering: 'retryable', cause: error });
}

function codeOf(error: unknown): string {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
