import type { EgressPolicy } from './egress-policy.js';
import type { ResolveName } from './guarded-agent.js';

/** Where calls may go; without any of these to public addresses, by https, at port 443. */
export interface EgressOptions {
  /** Permits http. Default false. */
  readonly allowHttp?: boolean;
  /**
   * Permits loopback, private, unique local and carrier-grade NAT addresses. Link-local addresses and those where clouds tell
   * credentials stay forbidden. Default false.
   */
  readonly allowPrivateNetwork?: boolean;
  /** Ports beside 443, and 80 with `allowHttp`. Default: none. */
  readonly allowedPorts?: readonly number[];
  /** PEM certificates of authorities to be trusted instead of the system's. Default: the system's. */
  readonly ca?: string | readonly string[];
  /** Finds all addresses of a name. Default: the system's resolver. */
  readonly resolve?: ResolveName;
}

export const EGRESS_OPTIONS = [
  'allowHttp',
  'allowPrivateNetwork',
  'allowedPorts',
  'ca',
  'resolve',
] as const satisfies readonly (keyof EgressOptions)[];

export interface ParsedEgress {
  readonly policy: EgressPolicy;
  readonly ca: string | readonly string[] | null;
  readonly resolve: ResolveName | null;
}

const MOST_PORT = 65_535;

/** The completed form; what is wrong is noted. */
export function parseEgress(options: EgressOptions, owner: string, problems: string[]): ParsedEgress {
  const { allowHttp = false, allowPrivateNetwork = false, allowedPorts = [], ca = null, resolve = null } = options;
  for (const [name, value] of Object.entries({ allowHttp, allowPrivateNetwork }))
    if (typeof value !== 'boolean') problems.push(`\`${name}\` of ${owner} must be true or false.`);
  const isList = Array.isArray(allowedPorts);
  if (!isList || allowedPorts.some((port) => !Number.isInteger(port) || port < 1 || port > MOST_PORT))
    problems.push(`\`allowedPorts\` of ${owner} must be a list of ports from 1 to ${MOST_PORT}.`);
  if (ca !== null && [ca].flat().some((pem) => typeof pem !== 'string' || !pem.includes('-----BEGIN CERTIFICATE-----')))
    problems.push(`\`ca\` of ${owner} must be one or more certificates as PEM texts.`);
  if (resolve !== null && typeof resolve !== 'function') problems.push(`\`resolve\` of ${owner} must be a function.`);
  return { policy: { allowHttp, allowPrivateNetwork, allowedPorts: isList ? [...allowedPorts] : [] }, ca, resolve };
}
