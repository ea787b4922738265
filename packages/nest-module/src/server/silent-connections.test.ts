import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect as connectPlain, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { afterEach, describe, expect, it } from '@jest/globals';

import { SilentConnections } from './silent-connections.js';

// A key that both know: TLS without certificates.
const key = Buffer.from('8e1c');
const psk = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const answer = (_request: unknown, response: { end(text: string): void }): void => response.end('here');

const KINDS = {
  http: {
    make: (): Server => createServer(answer),
    connect: (port: number): Socket => connectPlain(port, '127.0.0.1'),
    ready: ['connection', 'connect'],
  },
  https: {
    make: (): Server => createHttpsServer({ ...psk, pskCallback: () => key }, answer),
    connect: (port: number): Socket =>
      connectTls({
        ...psk,
        port,
        host: '127.0.0.1',
        checkServerIdentity: () => undefined,
        pskCallback: () => ({ psk: key, identity: 'me' }),
      }),
    ready: ['secureConnection', 'secureConnect'],
  },
} as const;

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

describe.each(['http', 'https'] as const)('of a server for %s', (kind) => {
  const { make, connect, ready } = KINDS[kind];

  it('connections over which nothing was asked are closed, others are let be', async () => {
    const server = make();
    const silent = new SilentConnections(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const open = async (): Promise<Socket> => {
      const taken = once(server, ready[0]);
      const socket = connect((server.address() as AddressInfo).port);
      opened.push(socket);
      await Promise.all([taken, once(socket, ready[1])]);
      return socket;
    };

    const asking = await open();
    asking.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(asking, 'data');
    const unused = await open();
    const left = once(unused, 'close');
    silent.close();
    await left;
    asking.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(String(await once(asking, 'data'))).toContain('here');

    const closed = once(server, 'close');
    server.close();
    await closed;
  });
});
