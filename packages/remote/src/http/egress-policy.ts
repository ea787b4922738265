import { isIP } from 'node:net';

import { RemoteAgentError } from '../errors.js';
import { forbiddenClass } from './address-policy.js';

/** Where calls may go. */
export interface EgressPolicy {
  readonly allowHttp: boolean;
  readonly allowPrivateNetwork: boolean;
  /** Beside 443, and 80 with `allowHttp`. */
  readonly allowedPorts: readonly number[];
}

/** Names that only a private network resolves. */
const PRIVATE_NAME = /^(?:localhost|[^.]+)$|\.(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/** An address that may be called, as far as it can be told before its name is resolved. @throws RemoteAgentError `EGRESS_BLOCKED` */
export function checkUrl(text: string, policy: EgressPolicy, what: string): URL {
  const problem = urlProblem(text, policy);
  if (problem !== null)
    throw new RemoteAgentError('EGRESS_BLOCKED', `The address of ${what} may not be called: ${problem}.`, { steering: 'fatal' });
  return new URL(text);
}

/** Why an address may not be called; `null` where it may, or where only resolving its name will tell. */
export function urlProblem(text: string, { allowHttp, allowPrivateNetwork, allowedPorts }: EgressPolicy): string | null {
  if (!URL.canParse(text)) return 'it is no absolute URL';
  const { protocol, username, password, hash, hostname, port } = new URL(text);
  if (protocol === 'http:' && !allowHttp) return 'it is not https (`allowHttp` permits http)';
  if (protocol !== 'https:' && protocol !== 'http:') return `its scheme is "${protocol}", not "https:"`;
  if (username !== '' || password !== '') return 'it holds a user name or a password';
  if (hash !== '') return 'it has a fragment';
  // A scheme's own port is not written in a parsed URL.
  if (port !== '' && ![443, ...(allowHttp ? [80] : []), ...allowedPorts].includes(Number(port)))
    return `its port ${port} is not in \`allowedPorts\``;
  return hostProblem(hostname, allowPrivateNetwork);
}

/** Why a host may not be called, told by its class alone; `null` where it may, or where only resolving its name will tell. */
export function hostProblem(hostname: string, allowPrivateNetwork: boolean): string | null {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) {
    const forbidden = forbiddenClass(host, allowPrivateNetwork);
    return forbidden && addressProblem(forbidden);
  }
  if (host.endsWith('.')) return 'its host name ends with a dot';
  if (!allowPrivateNetwork && PRIVATE_NAME.test(host)) return 'its host name is one of a private network';
  return null;
}

/** Says nothing of the address itself, which would tell an attacker how the inner network looks. */
export function addressProblem(forbidden: string): string {
  return `it leads to an address of the class "${forbidden}"`;
}
