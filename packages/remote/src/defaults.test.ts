import { expect, it } from '@jest/globals';
import { silentLogger } from '@taskloom/core';
import { z } from 'zod';

import { parseRemoteAgentOptions } from './remote-agent-options.js';
import { parseServeOptions } from './serve/serve-options.js';

const given = { name: 'x', secret: 'x'.repeat(32), input: z.any(), output: z.any() };

it('A remote agent has the defaults that the configuration page tells', () => {
  expect(parseRemoteAgentOptions({ ...given, url: 'https://agent.example.org/' })).toMatchObject({
    callbacks: null,
    requestTimeoutMs: 60_000,
    maxResponseBytes: 1_048_576,
    maxRetryAfterMs: 300_000,
    headers: {},
  });
});

it('A served agent has the defaults that the configuration page tells', () => {
  expect(parseServeOptions({ ...given, execute: () => null })).toMatchObject({
    answerWithinMs: 20_000,
    maxRequestBytes: 16_777_216,
    keepForMs: 86_400_000,
    keepMost: 1_000,
    callbackAttempts: 6,
    callbackDelayMs: 1_000,
    path: null,
    logger: silentLogger,
    egress: { policy: { allowHttp: false, allowPrivateNetwork: false, allowedPorts: [] }, ca: null, resolve: null },
  });
});
