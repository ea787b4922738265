import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

import { Agent, buildConnector } from 'undici';

import { RemoteAgentError } from '../errors.js';
import { forbiddenClass } from './address-policy.js';
import { addressProblem, hostProblem, type EgressPolicy } from './egress-policy.js';

/** All addresses of a name. */
export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface GuardedAgentOptions {
  readonly policy: EgressPolicy;
  /** PEM certificates of authorities to be trusted instead of the system's. */
  readonly ca: string | readonly string[] | null;
  readonly connectTimeoutMs: number;
  /** Default: the system's. */
  readonly resolve: ResolveName | null;
}

/**
 * Connections that check where they lead when they are made: every address that a name resolves to must be permitted, and
 * only these addresses are connected to. No proxy, no redirects, no HTTP/2; certificates are always verified.
 */
export function guardedAgent({ policy, ca, connectTimeoutMs, resolve }: GuardedAgentOptions): Agent {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: guardedLookup(resolve ?? ((name) => systemLookup(name, { all: true })), policy),
    rejectUnauthorized: true,
    ...(ca === null ? undefined : { ca: typeof ca === 'string' ? ca : [...ca] }),
  });
  return new Agent({
    // A host that is an address is never looked up.
    connect: (options, callback) => {
      const why = hostProblem(options.hostname, policy.allowPrivateNetwork);
      if (why) callback(forbidden(why), null);
      else connect(options, callback);
    },
    // `postMessage` has one timeout for the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16_384,
  });
}

function guardedLookup(resolve: ResolveName, { allowPrivateNetwork }: EgressPolicy): LookupFunction {
  const permitted = callbackify(async (hostname: string): Promise<readonly [LookupAddress, ...LookupAddress[]]> => {
    const [first, ...more] = await resolve(hostname);
    if (!first) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' });
    const range = [first, ...more].map(({ address }) => forbiddenClass(address, allowPrivateNetwork)).find((found) => found !== null);
    if (range !== undefined) throw forbidden(addressProblem(range));
    return [first, ...more];
  });
  return (hostname, options, callback) =>
    permitted(hostname, (error, found) => {
      if (error) callback(error, '');
      else if (options.all) callback(null, [...found]);
      else callback(null, found[0].address, found[0].family);
    });
}

function forbidden(why: string): RemoteAgentError {
  return new RemoteAgentError('EGRESS_BLOCKED', `The remote agent may not be called: ${why}.`, { steering: 'fatal' });
}
