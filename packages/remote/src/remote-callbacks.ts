import { ConfigError, silentLogger, type Logger } from '@taskloom/core';
import { nearest } from '@taskloom/core/internal';

import { createEndpoint, type Endpoint, type EndpointReply, type EndpointRequest } from './http/endpoint.js';
import { parseJsonBody } from './http/read-body.js';
import { readAnswer, type RemoteAnswer } from './protocol/answer.js';
import type { CallIdentity } from './protocol/message.js';
import { NonceMemory } from './protocol/nonce-memory.js';
import { ReplyError } from './protocol/reply-codes.js';
import { proveMessage, readMessageHead } from './protocol/verify-message.js';

export interface RemoteCallbacksOptions {
  /** Where remote agents reach this endpoint from outside, for example `https://app.example.org/taskloom/callbacks`. */
  readonly url: string;
  /** Permits a `url` with http, for development and inside a private network. Default false. */
  readonly allowHttp?: boolean;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** For tests. Default: the system's. */
  readonly clock?: { now(): number };
}

/** An agent whose callbacks are taken. */
export interface CalledAgent {
  readonly keys: readonly Uint8Array[];
  readonly maxBytes: number;
}

/** An attempt that waits for its callback. */
export interface OpenCall {
  readonly answer: Promise<RemoteAnswer>;
  /** Nothing is taken for it any more. */
  close(): void;
}

/**
 * Takes the callbacks of remote agents, in any framework. Give it to the agents (`callbacks`), and mount `node` or `fetch` at
 * the path of `url`.
 */
export class RemoteCallbacks implements Endpoint {
  readonly url: string;
  readonly node: Endpoint['node'];
  readonly fetch: Endpoint['fetch'];
  private readonly path: string;
  private readonly nonces = new NonceMemory();
  private readonly agents = new Map<string, CalledAgent>();
  /** By fence. */
  private readonly open = new Map<string, { readonly identity: CallIdentity; readonly settle: (answer: RemoteAnswer) => void }>();
  private readonly clock: { now(): number };

  /** @throws ConfigError */
  constructor(options: RemoteCallbacksOptions) {
    const url = parseOptions(options);
    this.url = url.href;
    this.path = `${url.pathname}${url.search}`;
    this.clock = options.clock ?? Date;
    const { node, fetch } = createEndpoint((request) => this.take(request), options.logger ?? silentLogger, 'The callback endpoint');
    this.node = node;
    this.fetch = fetch;
  }

  /** Takes callbacks of an agent from now on, with its latest definition. */
  register(agent: string, called: CalledAgent): void {
    this.agents.set(agent, called);
  }

  /** Waits for the callback of an attempt; begin before the call is sent, for the callback may be faster than its 202. */
  expect(identity: CallIdentity): OpenCall {
    const { fence } = identity;
    const answer = new Promise<RemoteAnswer>((settle) => this.open.set(fence, { identity, settle }));
    return { answer, close: () => void this.open.delete(fence) };
  }

  private async take({ header, body }: EndpointRequest): Promise<EndpointReply> {
    const head = readMessageHead(header);
    const agent = this.agents.get(head.agent);
    // As if the signature was wrong: who has no secret does not learn which agents there are.
    if (!agent) throw new ReplyError('SIGNATURE_INVALID', 'The signature is not right.');
    const bytes = await body(agent.maxBytes);
    proveMessage(head, header, bytes, { keys: agent.keys, path: this.path, nonces: this.nonces, nowMs: this.clock.now() });
    if (head.kind !== 'answer') throw new ReplyError('MESSAGE_INVALID', 'Only answers are taken here.');
    const read = readAnswer(parseJsonBody(bytes));
    if ('problem' in read) throw new ReplyError('MESSAGE_INVALID', `The body ${read.problem}.`);
    const call = this.open.get(head.fence);
    if (!call || !isSameCall(call.identity, head)) throw new ReplyError('CALL_CLOSED', 'No attempt waits for this answer (any more).');
    this.open.delete(head.fence);
    call.settle(read.answer);
    return { status: 200, body: { status: 'taken' } };
  }
}

/** Takes the callbacks of remote agents. @throws ConfigError */
export function remoteCallbacks(options: RemoteCallbacksOptions): RemoteCallbacks {
  return new RemoteCallbacks(options);
}

function isSameCall(one: CallIdentity, other: CallIdentity): boolean {
  return (['agent', 'job', 'task', 'fence', 'idempotencyKey'] as const).every((part) => one[part] === other[part]);
}

const KNOWN = ['url', 'allowHttp', 'logger', 'clock'] as const satisfies readonly (keyof RemoteCallbacksOptions)[];

function parseOptions(options: RemoteCallbacksOptions): URL {
  const problems = Object.keys(options)
    .filter((key) => !(KNOWN as readonly string[]).includes(key))
    .map((key) => `\`${key}\` is no option of remoteCallbacks; did you mean \`${nearest(key, KNOWN, 1)[0] ?? 'url'}\`?`);
  const url = URL.canParse(options.url) ? new URL(options.url) : null;
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && options.allowHttp === true)))
    problems.push('`url` of remoteCallbacks must be an https address (`allowHttp` permits http).');
  if (problems.length > 0) throw new ConfigError(problems);
  return url!;
}
