import { isTaskloomError, type Json, type TaskContext } from '@taskloom/core';

import { RemoteAgentError } from './errors.js';
import { headerProblems } from './http/extra-headers.js';
import { postMessage, type HttpAnswer } from './http/post-message.js';
import { parseJsonBody } from './http/read-body.js';
import { readAnswer, type RemoteAnswer } from './protocol/answer.js';
import type { CallIdentity, MessageKind } from './protocol/message.js';
import { randomToken, signMessage } from './protocol/signature.js';
import { statusError } from './status-error.js';
import type { RemoteAgentSettings } from './remote-agent-options.js';

const ACCEPTED = 202;
const CANCEL_TIMEOUT_MS = 5_000;
const CANCEL_MOST_BYTES = 65_536;
const MESSAGE_CHARACTERS = 1_000;

/** Runs one attempt at the remote agent: calls it, waits for its callback where it accepts, gives back the output it answers. */
export async function callRemote(settings: RemoteAgentSettings, input: Json, ctx: TaskContext): Promise<Json> {
  const { signal, idempotencyKey } = ctx;
  signal.throwIfAborted();
  const identity: CallIdentity = { agent: settings.name, job: ctx.job.id, task: ctx.task.id, fence: randomToken(), idempotencyKey };
  const waiting = settings.callbacks?.expect(identity);
  // Stops the request when a callback has answered before it.
  const answered = new AbortController();
  try {
    const exchange = sendCall(settings, identity, input, ctx, AbortSignal.any([signal, answered.signal]));
    const first = await (waiting ? Promise.race([exchange, waiting.answer]) : exchange);
    return outputOf(first === 'accepted' ? await untilAborted(waiting!.answer, signal) : first, settings);
  } catch (error) {
    // It has accepted, or may have: its 202 can be on the way. Who answers at once sees the connection close.
    if (waiting && signal.aborted && !isEngineStop(signal.reason)) void cancel(settings, identity, ctx);
    throw error;
  } finally {
    waiting?.close();
    answered.abort();
  }
}

async function sendCall(
  settings: RemoteAgentSettings,
  identity: CallIdentity,
  input: Json,
  ctx: TaskContext,
  signal: AbortSignal,
): Promise<RemoteAnswer | 'accepted'> {
  const { callbacks, requestTimeoutMs, maxResponseBytes } = settings;
  const message = { input, attempt: ctx.attempt.number, callback: callbacks?.url ?? null };
  const answer = await send(settings, 'call', identity, message, { timeoutMs: requestTimeoutMs, maxBytes: maxResponseBytes, signal });
  return readHttpAnswer(answer, settings);
}

async function send(
  settings: RemoteAgentSettings,
  kind: MessageKind,
  identity: CallIdentity,
  message: Json,
  bounds: { readonly timeoutMs: number; readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const { url, keys, http } = settings;
  const extra = typeof settings.headers === 'function' ? await settings.headers() : settings.headers;
  const [problem] = headerProblems(extra, `remote agent "${settings.name}"`);
  if (problem !== undefined) throw new RemoteAgentError('HEADER_INVALID', problem, { steering: 'fatal' });
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const headers = { ...extra, ...signMessage(kind, identity, `${url.pathname}${url.search}`, body, keys[0]!, Date.now()) };
  return postMessage({ agent: http, url, headers, body, what: whatOf(settings), ...bounds });
}

function readHttpAnswer({ status, header, body }: HttpAnswer, settings: RemoteAgentSettings): RemoteAnswer | 'accepted' {
  const bad = (problem: string): RemoteAgentError =>
    new RemoteAgentError('AGENT_ANSWER_INVALID', `${whatOf(settings)} ${problem}.`, { details: { status } });
  if (status === ACCEPTED) {
    if (!settings.callbacks) throw bad('answered 202, and `callbacks` is not set: it must answer at once');
    return 'accepted';
  }
  if (status !== 200) throw statusError({ status, retryAfter: header('retry-after'), body }, whatOf(settings), settings.maxRetryAfterMs);
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(header('content-type') ?? '')) throw bad('answered something else than JSON');
  const read = readAnswer(parseJsonBody(body));
  if ('problem' in read) throw bad(`answered a body that ${read.problem}`);
  return read.answer;
}

function outputOf(answer: RemoteAnswer, { name, maxRetryAfterMs }: RemoteAgentSettings): Json {
  if ('output' in answer) return answer.output;
  const { message, retryable = true, retryAfterSeconds } = answer.error;
  const retryAfterMs = Math.min((retryAfterSeconds ?? 0) * 1_000, maxRetryAfterMs);
  throw new RemoteAgentError('AGENT_FAILED', `The remote agent "${name}" failed: ${message.slice(0, MESSAGE_CHARACTERS)}`, {
    remedy: 'Read what the remote agent said; give the agent a retry policy if it may pass next time.',
    steering: !retryable ? 'fatal' : retryAfterMs > 0 ? { retryAfterMs } : 'retryable',
  });
}

/** Tells the remote to stop. Best effort: it may have ended, and nobody waits for it. */
async function cancel(settings: RemoteAgentSettings, identity: CallIdentity, ctx: TaskContext): Promise<void> {
  const { reason } = ctx.signal;
  const message = { reason: isTaskloomError(reason) ? reason.code : 'TASK_CANCELLED' };
  try {
    const { status } = await send(settings, 'cancel', identity, message, {
      timeoutMs: CANCEL_TIMEOUT_MS,
      maxBytes: CANCEL_MOST_BYTES,
      signal: new AbortController().signal,
    });
    if (status >= 400) throw new Error(`It replied ${status}.`);
  } catch (error) {
    ctx.logger.warn('A remote agent could not be told that its work was cancelled.', {
      agent: settings.name,
      error: (error as Error).message,
    });
  }
}

/** A stop is like a crash to the remote: the next start calls again with the same key and goes on with what is there. */
function isEngineStop(reason: unknown): boolean {
  return isTaskloomError(reason) && reason.code === 'ENGINE_STOPPED';
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => (stop = () => reject(signal.reason as Error)));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The query may hold a token of the application's. */
function whatOf({ name, url }: RemoteAgentSettings): string {
  return `The remote agent "${name}" at ${url.origin}${url.pathname}`;
}
