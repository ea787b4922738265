import { ConfigError, type AgentOptions, type Duration, type Schema } from '@taskloom/core';
import type { Agent } from 'undici';

import { checkUrl } from './http/egress-policy.js';
import { EGRESS_OPTIONS, parseEgress, type EgressOptions } from './http/egress-options.js';
import { headerProblems, type ExtraHeaders } from './http/extra-headers.js';
import { guardedAgent } from './http/guarded-agent.js';
import { duration, refuseUnknown, wholeNumber } from './option-checks.js';
import { parseSecret, type RemoteSecret } from './protocol/secret.js';
import { RemoteCallbacks } from './remote-callbacks.js';

/** Options that mean for a remote agent what they mean for any other. */
const PASSED_ON = [
  'name',
  'description',
  'version',
  'input',
  'output',
  'capabilities',
  'retry',
  'timeout',
  'concurrency',
  'concurrencyPerKey',
  'concurrencyKey',
  'rate',
  'limits',
  'resources',
  'exclusive',
  'cache',
  'durability',
  'review',
  'onTimeout',
] as const satisfies readonly (keyof AgentOptions<Schema, Schema>)[];

/**
 * Options of a remote agent: those of any agent (`timeout` counts the wait for a callback, too), and how it is called. There is
 * no `idleTimeout`: a remote agent gives no sign of life until it answers.
 */
export interface RemoteAgentOptions<In extends Schema, Out extends Schema>
  extends Pick<AgentOptions<In, Out>, (typeof PASSED_ON)[number]>, EgressOptions {
  /** Where it is called. Comes from the application's configuration, never from a job. */
  readonly url: string;
  /** Signs what is sent and proves what comes back; at least 32 bytes, another one for each agent. */
  readonly secret: RemoteSecret;
  /** Takes its callbacks. Default: it must answer at once, a 202 is `AGENT_ANSWER_INVALID`. */
  readonly callbacks?: RemoteCallbacks;
  /** Longest time until the request is answered, with an output or with 202. Default 60 s. */
  readonly requestTimeout?: Duration;
  /** Most bytes of an answer, once it is unpacked. Default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** Longest wait that the remote can ask for (`Retry-After`). Default 5 min. */
  readonly maxRetryAfter?: Duration;
  /** Headers of your own, for example `authorization`. A function is asked for each call. Default: none. */
  readonly headers?: ExtraHeaders;
}

/** The completed form used inside. */
export interface RemoteAgentSettings {
  readonly name: string;
  readonly url: URL;
  readonly keys: readonly Buffer[];
  readonly callbacks: RemoteCallbacks | null;
  readonly requestTimeoutMs: number;
  readonly maxResponseBytes: number;
  readonly maxRetryAfterMs: number;
  readonly headers: ExtraHeaders;
  readonly http: Agent;
}

const OWN = [
  'url',
  'secret',
  'callbacks',
  'requestTimeout',
  'maxResponseBytes',
  'maxRetryAfter',
  'headers',
  ...EGRESS_OPTIONS,
] as const satisfies readonly (keyof RemoteAgentOptions<Schema, Schema>)[];
const KNOWN: readonly string[] = [...PASSED_ON, ...OWN];
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Checks and completes the options of a remote agent, but for those of any agent.
 *
 * @throws ConfigError with every option that is wrong; RemoteAgentError `EGRESS_BLOCKED`
 */
export function parseRemoteAgentOptions(options: RemoteAgentOptions<Schema, Schema>): RemoteAgentSettings {
  const owner = `remote agent "${String(options.name)}"`;
  const problems: string[] = [];
  refuseUnknown(options, KNOWN, owner, problems);
  const secret = parseSecret(options.secret);
  if ('problem' in secret) problems.push(`\`secret\` of ${owner} ${secret.problem}.`);
  const { callbacks = null, headers = {}, maxResponseBytes = 1_048_576 } = options;
  if (callbacks !== null && !(callbacks instanceof RemoteCallbacks))
    problems.push(`\`callbacks\` of ${owner} must come from remoteCallbacks().`);
  const requestTimeoutMs = duration('requestTimeout', options.requestTimeout ?? '60s', 1, owner, problems);
  const maxRetryAfterMs = duration('maxRetryAfter', options.maxRetryAfter ?? '5m', 0, owner, problems);
  wholeNumber('maxResponseBytes', maxResponseBytes, 1, owner, problems);
  if (typeof headers !== 'function') problems.push(...headerProblems(headers, owner));
  const { policy, ca, resolve } = parseEgress(options, owner, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    name: options.name,
    url: checkUrl(options.url, policy, owner),
    keys: 'keys' in secret ? secret.keys : [],
    callbacks,
    requestTimeoutMs,
    maxResponseBytes,
    maxRetryAfterMs,
    headers,
    http: guardedAgent({ policy, ca, resolve, connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs) }),
  };
}

/** The options that `defineAgent` is to check. */
export function agentOptionsOf(options: RemoteAgentOptions<Schema, Schema>): AgentOptions<Schema, Schema> {
  const passedOn: readonly string[] = PASSED_ON;
  return Object.fromEntries(Object.entries(options).filter(([key]) => passedOn.includes(key))) as unknown as AgentOptions<Schema, Schema>;
}
