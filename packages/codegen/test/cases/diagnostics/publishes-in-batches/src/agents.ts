import { defineTopic } from '@taskloom/core';
import { TaskAgent, type TaskAgentOptions } from '@taskloom/decorators';
import { z } from 'zod';

const Read = defineTopic({ name: 'read', payload: z.string() });
const batch = { maxSize: 2, maxWait: 0 };
const options: TaskAgentOptions<z.ZodString, z.ZodString, undefined> = { name: 'elsewhere', publishes: [Read] };

// @ts-expect-error the compiler says so, too
@TaskAgent({ name: 'here', batch, publishes: [Read] })
export class Here {
  async executeBatch(inputs: readonly string[]) {
    return Promise.allSettled(inputs);
  }
}

@TaskAgent({ ...options, name: 'spread', publishes: [Read], batch } as TaskAgentOptions<z.ZodString, z.ZodString, undefined>)
export class Spread {
  async executeBatch(inputs: readonly string[]) {
    return Promise.allSettled(inputs);
  }

  execute = (input: string): string => input;
}

@TaskAgent({ name: 'none', batch, publishes: [] })
export class None {
  async executeBatch(inputs: readonly string[]) {
    return Promise.allSettled(inputs);
  }
}
