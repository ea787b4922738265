import { ConfigError, silentLogger, type Duration, type Logger, type Schema, type SchemaInput, type SchemaOutput } from '@taskloom/core';
import { isName, isSchema, NAME_RULE } from '@taskloom/core/internal';

import { EGRESS_OPTIONS, parseEgress, type EgressOptions, type ParsedEgress } from '../http/egress-options.js';
import { duration, refuseUnknown, wholeNumber } from '../option-checks.js';
import { parseSecret, type RemoteSecret } from '../protocol/secret.js';

/** What a served agent knows of the attempt it works for. */
export interface ServedCall {
  readonly job: string;
  readonly task: string;
  /** Counts attempts from 1. */
  readonly attempt: number;
  /** The same for every attempt of the task's generation. */
  readonly idempotencyKey: string;
  /** Aborts when the task is cancelled, or its caller has gone before it was answered. */
  readonly signal: AbortSignal;
}

/** The options about addresses say where callbacks may go. */
export interface ServeRemoteAgentOptions<In extends Schema, Out extends Schema> extends EgressOptions {
  /** As the caller's `remoteAgent` is named. */
  readonly name: string;
  /** As the caller's. */
  readonly secret: RemoteSecret;
  readonly input: In;
  readonly output: Out;
  /** Does the work. `FatalError` tells the caller not to try again, `RetryAfterError` when to. */
  readonly execute: (input: SchemaOutput<In>, call: ServedCall) => SchemaInput<Out> | Promise<SchemaInput<Out>>;
  /** Work that takes longer is accepted (202) and answered by callback, where the caller takes callbacks; 0 accepts at once. Default 20 s. */
  readonly answerWithin?: Duration;
  /** Most bytes of a message. Default 16 MiB. */
  readonly maxRequestBytes?: number;
  /** How long the output is kept for calls that are repeated. Default 24 h. */
  readonly keepFor?: Duration;
  /** How many outputs are kept; the oldest make room. Default 1,000. */
  readonly keepMost?: number;
  /** How often a callback is tried. Default 6. */
  readonly callbackAttempts?: number;
  /** Wait before a callback's second try, doubled for each more. Default 1 s. */
  readonly callbackDelay?: Duration;
  /** Path and query that callers sign, where a proxy changes them. Default: as they arrive. */
  readonly path?: string;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** For tests. Default: the system's. */
  readonly clock?: { now(): number };
}

/** The completed form used inside. */
export interface ServeSettings {
  readonly name: string;
  readonly keys: readonly Buffer[];
  readonly input: Schema;
  readonly output: Schema;
  readonly execute: (input: unknown, call: ServedCall) => unknown;
  readonly answerWithinMs: number;
  readonly maxRequestBytes: number;
  readonly keepForMs: number;
  readonly keepMost: number;
  readonly callbackAttempts: number;
  readonly callbackDelayMs: number;
  readonly path: string | null;
  readonly egress: ParsedEgress;
  readonly logger: Logger;
  readonly clock: { now(): number };
}

const KNOWN = [
  'name',
  'secret',
  'input',
  'output',
  'execute',
  'answerWithin',
  'maxRequestBytes',
  'keepFor',
  'keepMost',
  'callbackAttempts',
  'callbackDelay',
  'path',
  'logger',
  'clock',
  ...EGRESS_OPTIONS,
] as const satisfies readonly (keyof ServeRemoteAgentOptions<Schema, Schema>)[];

/** Checks and completes the options. @throws ConfigError with everything that is wrong */
export function parseServeOptions(options: ServeRemoteAgentOptions<Schema, Schema>): ServeSettings {
  const owner = `served agent "${String(options.name)}"`;
  const problems: string[] = [];
  refuseUnknown(options, KNOWN, owner, problems);
  if (!isName(options.name)) problems.push(`${JSON.stringify(options.name)} cannot name an agent: use ${NAME_RULE}.`);
  const secret = parseSecret(options.secret);
  if ('problem' in secret) problems.push(`\`secret\` of ${owner} ${secret.problem}.`);
  for (const side of ['input', 'output'] as const) if (!isSchema(options[side])) problems.push(`\`${side}\` of ${owner} is no schema.`);
  if (typeof options.execute !== 'function') problems.push(`\`execute\` of ${owner} must be a function.`);
  const { maxRequestBytes = 16_777_216, keepMost = 1_000, callbackAttempts = 6, path = null } = options;
  wholeNumber('maxRequestBytes', maxRequestBytes, 1, owner, problems);
  wholeNumber('keepMost', keepMost, 0, owner, problems);
  wholeNumber('callbackAttempts', callbackAttempts, 1, owner, problems);
  if (path !== null && !path.startsWith('/')) problems.push(`\`path\` of ${owner} must begin with "/".`);
  const settings = {
    answerWithinMs: duration('answerWithin', options.answerWithin ?? '20s', 0, owner, problems),
    keepForMs: duration('keepFor', options.keepFor ?? '24h', 0, owner, problems),
    callbackDelayMs: duration('callbackDelay', options.callbackDelay ?? '1s', 0, owner, problems),
    egress: parseEgress(options, owner, problems),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...settings,
    name: options.name,
    keys: 'keys' in secret ? secret.keys : [],
    input: options.input,
    output: options.output,
    execute: options.execute,
    maxRequestBytes,
    keepMost,
    callbackAttempts,
    path,
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? Date,
  };
}
