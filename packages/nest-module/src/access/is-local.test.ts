import { describe, expect, it } from '@jest/globals';

import { isLoopbackAddress, isLoopbackHost } from './is-local.js';

describe('a loopback address', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s is one', (address) => expect(isLoopbackAddress(address)).toBe(true));
  it.each([undefined, '', '10.0.0.1', '172.17.0.1', '::', '::ffff:10.0.0.1', '128.0.0.1', '127.evil.example', 'fe80::1'])(
    '%s is none',
    (address) => expect(isLoopbackAddress(address)).toBe(false),
  );
});

describe('a loopback host', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.0.0.1:80', '[::1]:3000', '[::1]'])('%s is one', (host) =>
    expect(isLoopbackHost(host)).toBe(true),
  );
  it.each([undefined, '', 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:3000', '10.0.0.1', 'app.local'])(
    '%s is none',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  );
});
