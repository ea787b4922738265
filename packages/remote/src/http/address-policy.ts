import ipaddr from 'ipaddr.js';

/** What `allowPrivateNetwork` permits beside public addresses. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);
/** Where clouds tell their machines' credentials, inside ranges that are private otherwise. 169.254.0.0/16 is never permitted anyway. */
const METADATA: ReadonlySet<string> = new Set(['100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254']);
/** Global unicast; what lies outside (IPv4-compatible addresses, for example) is not routed. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');
const GLOBAL_UNICAST_BITS = 3;

/**
 * The class of an address that may not be called (`loopback`, `private`, `linkLocal` …), `null` for one that may. An IPv4
 * address inside an IPv6 one counts as itself where it is mapped; translated and tunnelled ones are never permitted.
 */
export function forbiddenClass(address: string, allowPrivateNetwork: boolean): string | null {
  if (!ipaddr.isValid(address)) return 'invalid';
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (METADATA.has(parsed.toString())) return 'metadata';
  if (range === 'unicast') {
    const isGlobal = parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST, GLOBAL_UNICAST_BITS);
    return isGlobal ? null : 'reserved';
  }
  return allowPrivateNetwork && PRIVATE_RANGES.has(range) ? null : range;
}
