import { describe, expect, it } from '@jest/globals';

import { checkUrl, urlProblem, type EgressPolicy } from './egress-policy.js';

const STRICT: EgressPolicy = { allowHttp: false, allowPrivateNetwork: false, allowedPorts: [] };

describe('an address by every spelling (R1, M20)', () => {
  it.each([
    'https://127.0.0.1/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://①②⑦.⓪.⓪.①/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://0/',
    'https://[::1]/',
    'https://[::]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[::127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://10.0.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://agent.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://agent.example.org./',
    // Other schemes, ports and parts.
    'http://agent.example.org/',
    'ftp://agent.example.org/',
    'file:///etc/passwd',
    'gopher://agent.example.org:70/_x',
    'data:application/json,{}',
    'javascript:alert(1)',
    'https://user:hunter2@agent.example.org/',
    'https://user@agent.example.org/',
    'https://agent.example.org:22/',
    'https://agent.example.org:6379/',
    'https://agent.example.org/#part',
    '//agent.example.org/',
    '/relative',
    'agent.example.org',
    '',
    'https://',
  ])('%s is refused, with a code and without telling the address it leads to', (url) => {
    let thrown: unknown = null;
    try {
      checkUrl(url, STRICT, 'remote agent "x"');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'EGRESS_BLOCKED',
      message: expect.stringMatching(/^The address of remote agent "x" may not be called: /),
    });
    expect((thrown as Error).message).not.toMatch(/127\.0|hunter2|254/);
  });

  it.each([
    'https://agent.example.org/',
    'https://agent.example.org:443/a?b=c',
    'https://8.8.8.8/',
    'https://xn--mnchen-3ya.example/',
    'https://[2606:4700::1111]/',
  ])('%s is permitted', (url) => {
    expect(checkUrl(url, STRICT, 'x').href).toBe(new URL(url).href);
  });
});

describe('what is permitted by option', () => {
  it('is http, also at port 80', () => {
    expect(urlProblem('http://agent.example.org/', { ...STRICT, allowHttp: true })).toBeNull();
    expect(urlProblem('https://agent.example.org:80/', { ...STRICT, allowHttp: true })).toBeNull();
    expect(urlProblem('https://agent.example.org:80/', STRICT)).not.toBeNull();
  });

  it('is a port of the list', () => {
    expect(urlProblem('https://agent.example.org:8443/', { ...STRICT, allowedPorts: [8443] })).toBeNull();
    expect(urlProblem('https://agent.example.org:8444/', { ...STRICT, allowedPorts: [8443] })).toContain('8444');
  });

  it('is the private network, and nothing beyond it', () => {
    const policy = { ...STRICT, allowPrivateNetwork: true };
    for (const url of ['https://127.0.0.1/', 'https://localhost/', 'https://intranet/', 'https://10.1.2.3/', 'https://[fd12::1]/'])
      expect(urlProblem(url, policy)).toBeNull();
    for (const url of ['https://169.254.169.254/', 'https://0.0.0.0/', 'https://[64:ff9b::7f00:1]/', 'https://[fd00:ec2::254]/'])
      expect(urlProblem(url, policy)).not.toBeNull();
  });
});
