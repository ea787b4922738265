/* Checked by the compiler only: what a remote agent's types say. */
import { defineWorkflow, type AgentDefinition, type AgentInputOf, type AgentOutputOf, type Ref } from '@taskloom/core';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';

import { remoteAgent, serveRemoteAgent } from './index.js';

const input = z.object({ url: z.string(), depth: z.number().default(1) });
const output = z.object({ words: z.number() });
const options = { name: 'count', url: 'https://agent.example.org/', secret: 'x'.repeat(32), input, output };

const Count = remoteAgent(options);
expectTypeOf(Count).toEqualTypeOf<AgentDefinition<{ url: string; depth?: number | undefined }, { words: number }>>();
expectTypeOf<AgentInputOf<typeof Count>>().toEqualTypeOf<{ url: string; depth?: number | undefined }>();
expectTypeOf<AgentOutputOf<typeof Count>>().toEqualTypeOf<{ words: number }>();

defineWorkflow({
  name: 'measure',
  input,
  plan: (flow, { url }) => {
    const counted = flow.add(Count, { url });
    expectTypeOf(counted.out.words).toExtend<Ref<number>>();
    // @ts-expect-error the input schema wants a text
    flow.add(Count, { url: 5 });
    return counted.out;
  },
});

// @ts-expect-error a remote agent gives no sign of life
remoteAgent({ ...options, idleTimeout: '1s' });
// @ts-expect-error it has no code of its own
remoteAgent({ ...options, execute: () => ({ words: 1 }) });
// @ts-expect-error nothing is sent unsigned
remoteAgent({ name: 'count', url: 'https://agent.example.org/', input, output });

serveRemoteAgent({
  name: 'count',
  secret: options.secret,
  input,
  output,
  execute: (given, call) => {
    expectTypeOf(given).toEqualTypeOf<{ url: string; depth: number }>();
    expectTypeOf(call.idempotencyKey).toEqualTypeOf<string>();
    return { words: 1 };
  },
});

// @ts-expect-error the output schema wants a number
serveRemoteAgent({ name: 'count', secret: options.secret, input, output, execute: () => ({ words: 'one' }) });
