import { describe, expect, it } from '@jest/globals';

import { forbiddenClass } from './address-policy.js';

describe('an address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '223.255.255.254', '2606:4700::1111', '2a00:1450:4001:80e::200e', '::ffff:8.8.8.8'])(
    '%s of the public network may be called',
    (address) => {
      expect(forbiddenClass(address, false)).toBeNull();
      expect(forbiddenClass(address, true)).toBeNull();
    },
  );

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['fc00::1', 'uniqueLocal'],
    ['fdff::1', 'uniqueLocal'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['100.127.255.255', 'carrierGradeNat'],
  ])('%s is %s: only with `allowPrivateNetwork`', (address, range) => {
    expect(forbiddenClass(address, false)).toBe(range);
    expect(forbiddenClass(address, true)).toBeNull();
  });

  it.each([
    ['169.254.169.254', 'linkLocal'],
    ['::ffff:169.254.169.254', 'linkLocal'],
    ['fe80::1', 'linkLocal'],
    ['fe80::1%eth0', 'linkLocal'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.192', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    // An IPv4 address inside: compatible, translated, by NAT64, 6to4 and Teredo.
    ['::7f00:1', 'reserved'],
    ['::ffff:0:7f00:1', 'rfc6145'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['64:ff9b::a9fe:a9fe', 'rfc6052'],
    ['64:ff9b:1::7f00:1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'teredo'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['100::1', 'discard'],
    ['4000::1', 'reserved'],
    ['not an address', 'invalid'],
    ['', 'invalid'],
  ])('%s is %s: never', (address, range) => {
    expect(forbiddenClass(address, false)).toBe(range);
    expect(forbiddenClass(address, true)).toBe(range);
  });
});
