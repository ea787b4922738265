import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

import type { JsonObject, Schema } from '@taskloom/core';

import { urlProblem } from '../http/egress-policy.js';
import { createEndpoint, type Endpoint, type EndpointReply, type EndpointRequest } from '../http/endpoint.js';
import { parseJsonBody } from '../http/read-body.js';
import { isObject, type RemoteAnswer } from '../protocol/answer.js';
import type { MessageHead } from '../protocol/message.js';
import { NonceMemory } from '../protocol/nonce-memory.js';
import { ReplyError } from '../protocol/reply-codes.js';
import { proveMessage, readMessageHead } from '../protocol/verify-message.js';
import { parseInput, runServed } from './run-served.js';
import { CallbackSender } from './send-callback.js';
import { parseServeOptions, type ServeRemoteAgentOptions, type ServeSettings } from './serve-options.js';
import { Works, type Work } from './works.js';

/**
 * Serves an agent to the `remoteAgent` of another application: checks who calls, answers at once or by callback, and does the
 * work of a repeated call once. What it keeps is lost with the process; work that must not be done twice after that needs a
 * store of its own, by `call.idempotencyKey`.
 *
 * @throws ConfigError with every option that is wrong
 */
export function serveRemoteAgent<In extends Schema, Out extends Schema>(options: ServeRemoteAgentOptions<In, Out>): Endpoint {
  const settings = parseServeOptions(options as unknown as ServeRemoteAgentOptions<Schema, Schema>);
  const served = new ServedAgent(settings);
  return createEndpoint((request) => served.take(request), settings.logger, `The agent "${settings.name}"`);
}

/** A `call`, its body read. */
interface Call {
  readonly head: MessageHead;
  readonly input: unknown;
  readonly attempt: number;
  readonly callback: string | null;
}

class ServedAgent {
  private readonly nonces = new NonceMemory();
  private readonly works: Works;
  private readonly callbacks: CallbackSender;

  constructor(private readonly settings: ServeSettings) {
    this.works = new Works(settings.keepForMs, settings.keepMost);
    this.callbacks = new CallbackSender(settings);
  }

  async take(request: EndpointRequest): Promise<EndpointReply> {
    const { keys, path, clock, maxRequestBytes, name } = this.settings;
    const head = readMessageHead(request.header);
    const bytes = await request.body(maxRequestBytes);
    proveMessage(head, request.header, bytes, { keys, path: path ?? request.path, nonces: this.nonces, nowMs: clock.now() });
    if (head.agent !== name) throw new ReplyError('AGENT_UNKNOWN', `"${name}" is served here, not "${head.agent}".`);
    if (head.kind === 'cancel') return this.cancel(head);
    if (head.kind !== 'call') throw new ReplyError('MESSAGE_INVALID', 'Only calls and cancellations are taken here.');
    return this.call(this.readCall(head, parseJsonBody(bytes)), request.gone);
  }

  private readCall(head: MessageHead, body: unknown): Call {
    if (!isObject(body) || !Object.hasOwn(body, 'input')) throw new ReplyError('MESSAGE_INVALID', 'The body has no `input`.');
    const { input, attempt = 1, callback = null } = body;
    if (!Number.isInteger(attempt)) throw new ReplyError('MESSAGE_INVALID', '`attempt` is no whole number.');
    if (callback !== null && typeof callback !== 'string') throw new ReplyError('MESSAGE_INVALID', '`callback` is no address.');
    // Said now, and not when the work is done and the answer cannot be delivered.
    const problem = callback === null ? null : urlProblem(callback, this.settings.egress.policy);
    if (problem) throw new ReplyError('MESSAGE_INVALID', `The callback may not be called: ${problem}.`);
    return { head, input, attempt: attempt as number, callback };
  }

  private cancel({ idempotencyKey, fence }: MessageHead): EndpointReply {
    const work = this.works.get(idempotencyKey, this.settings.clock.now());
    // A later attempt has taken the work over: what the earlier one says does not count any more.
    const isCurrent = work !== undefined && !work.isDone && work.fence === fence;
    if (isCurrent) this.works.stop(idempotencyKey, work, new Error('The task was cancelled.'));
    return { status: 200, body: { status: isCurrent ? 'cancelled' : 'unknown' } };
  }

  private async call(call: Call, gone: AbortSignal): Promise<EndpointReply> {
    const { head, callback } = call;
    const work = await this.join(call);
    work.fence = head.fence;
    const answer = await first(work, callback === null ? null : this.settings.answerWithinMs, gone);
    if (answer === 'gone') {
      if (work.fence === head.fence) this.works.stop(head.idempotencyKey, work, new Error('The caller has gone.'));
      throw new ReplyError('BUSY', 'The caller has gone.');
    }
    if (answer !== 'later') return { status: 200, body: answer as unknown as JsonObject };
    void this.callBack(work, head, callback!);
    return { status: 202, body: { status: 'accepted' } };
  }

  /** Answers the newest call alone: nobody waits for the others any more. */
  private async callBack(work: Work, head: MessageHead, url: string): Promise<void> {
    const answer = await work.answer;
    if (work.fence === head.fence && !work.stop.signal.aborted) await this.callbacks.send({ url, identity: head }, answer);
  }

  /** The work of this call's key: what is going on or done already, or new. */
  private async join(call: Call): Promise<Work> {
    const { idempotencyKey, fence } = call.head;
    const inputHash = createHash('sha256')
      .update(JSON.stringify(call.input) ?? '')
      .digest('base64url');
    const input = await parseInput(this.settings, call.input);
    const known = this.works.get(idempotencyKey, this.settings.clock.now());
    if (known && known.inputHash !== inputHash)
      throw new ReplyError('INPUT_REFUSED', 'This idempotency key came with another input before.');
    return known ?? this.begin(call, input, inputHash, fence);
  }

  private begin({ head, attempt }: Call, input: unknown, inputHash: string, fence: string): Work {
    const { job, task, idempotencyKey } = head;
    const stop = new AbortController();
    const answer = runServed(this.settings, input, { job, task, attempt, idempotencyKey, signal: stop.signal });
    const work: Work = { inputHash, stop, answer, fence, isDone: false, until: 0 };
    this.works.begin(idempotencyKey, work);
    void answer.then((result) => this.works.end(idempotencyKey, work, result, this.settings.clock.now()));
    return work;
  }
}

/** The answer, `later` when it takes longer than `withinMs` (`null`: however long), `gone` when nobody waits for it any more. */
async function first({ answer, isDone }: Work, withinMs: number | null, gone: AbortSignal): Promise<RemoteAnswer | 'later' | 'gone'> {
  if (isDone) return answer;
  if (gone.aborted) return 'gone';
  if (withinMs === 0) return 'later';
  const decided = new AbortController();
  const { signal } = decided;
  const ends: Promise<RemoteAnswer | 'later' | 'gone'>[] = [answer, once(gone, 'abort', { signal }).then(() => 'gone')];
  if (withinMs !== null) ends.push(setTimeout(withinMs, 'later', { signal }));
  try {
    return await Promise.race(ends);
  } finally {
    decided.abort();
  }
}
