import type { AgentDefinition } from '@taskloom/core';
import { z } from 'zod';

import { remoteAgent, type RemoteAgentOptions } from '../../src/index.js';
import { SECRET } from './agent-process.js';

export const Echoed = z.object({ echo: z.any() });
export type LocalOptions = Partial<RemoteAgentOptions<z.ZodAny, typeof Echoed>>;

/** A remote agent on this machine, at an address that only tests may call. */
export function localAgent(url: string, options: LocalOptions = {}): AgentDefinition {
  return remoteAgent({
    name: 'remote',
    url,
    secret: SECRET,
    input: z.any(),
    output: Echoed,
    allowHttp: true,
    allowPrivateNetwork: true,
    allowedPorts: [Number(new URL(url).port)],
    ...options,
  });
}
