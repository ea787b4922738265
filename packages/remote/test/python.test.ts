import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { remoteAgent, remoteCallbacks, type RemoteCallbacks } from '../src/index.js';
import { attempt, thrownBy } from './support/attempt.js';
import { SECRET } from './support/agent-process.js';
import { LocalServer } from './support/local-server.js';

const guide = readFileSync(new URL('../../../docs/guides/remote-agents.md', import.meta.url), 'utf8');
const program = /^```python\n([\s\S]*?)^```$/m.exec(guide)?.[1];
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

it('The guide has a program in Python', () => {
  expect(program).toContain('taskloom-remote-1');
});

// Where there is no Python the page cannot be tried out; the protocol is, by test/support/raw-agent.mjs.
(hasPython ? describe : describe.skip)("the guide's agent in Python", () => {
  let child: ChildProcess;
  let port: number;
  let server: LocalServer;
  let callbacks: RemoteCallbacks;
  beforeAll(async () => {
    child = spawn('python3', ['-c', program!], {
      env: { ...process.env, AGENT_SECRET: SECRET, PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    port = Number(line);
    server = await LocalServer.start((request, response) => callbacks.node(request, response));
    callbacks = remoteCallbacks({ url: `http://127.0.0.1:${server.port}/callbacks?from=python`, allowHttp: true });
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await server.stop();
  });

  const count = (text: unknown, secret = SECRET): Promise<unknown> =>
    attempt(
      remoteAgent({
        name: 'count',
        url: `http://127.0.0.1:${port}/count?a=b`,
        secret,
        input: z.any(),
        output: z.object({ words: z.number() }),
        callbacks,
        allowHttp: true,
        allowPrivateNetwork: true,
        allowedPorts: [port],
      }),
      { text },
      { idempotencyKey: `job-1:3:${String(text).length}` },
    );

  it('answers at once', async () => {
    await expect(count('to be or not to be')).resolves.toEqual({ words: 6 });
  });

  it('answers by callback', async () => {
    await expect(count('word '.repeat(1_000))).resolves.toEqual({ words: 1_000 });
  });

  it('refuses what is wrong', async () => {
    expect(await thrownBy(count(5))).toMatchObject({
      code: 'AGENT_REFUSED',
      details: { status: 422 },
      message: expect.stringContaining('must be a text'),
    });
    expect(await thrownBy(count('x', 'another secret, of thirty-two bytes'))).toMatchObject({
      code: 'AGENT_REFUSED',
      details: { status: 401 },
    });
  });
});
