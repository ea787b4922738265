import { Inject, Injectable } from '@nestjs/common';
import type { Flow, TaskContext } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { Gate } from './gate.js';

@Injectable()
export class Dictionary {
  readonly greeting = 'Hello';
}

const GreetInput = z.object({ name: z.string().min(1) });
const Text = z.object({ text: z.string() });

@TaskAgent({ name: 'greet', description: 'Greets somebody', version: '1', input: GreetInput, output: Text, capabilities: ['talk'] })
export class Greet {
  constructor(private readonly dictionary: Dictionary) {}

  execute(input: { name: string }): { text: string } {
    return { text: `${this.dictionary.greeting}, ${input.name}!` };
  }
}

@TaskAgent({ name: 'shout', description: 'Says it louder', version: '1', input: Text, output: Text, capabilities: ['talk', 'loud'] })
export class Shout {
  execute(input: { text: string }): { text: string } {
    return { text: input.text.toUpperCase() };
  }
}

@TaskAgent({ name: 'wait', description: 'Waits for the test', version: '1', input: z.object({}), output: Text })
export class Wait {
  constructor(@Inject(Gate) private readonly gate: Gate) {}

  async execute(_input: object, ctx: TaskContext): Promise<{ text: string }> {
    await this.gate.pass(ctx.signal);
    return { text: 'waited' };
  }
}

@TaskAgent({ name: 'flaky', description: 'Fails until it is repaired', version: '1', input: z.object({}), output: Text })
export class Flaky {
  static broken = true;

  execute(): { text: string } {
    if (Flaky.broken) throw new Error('out of order');
    return { text: 'fine' };
  }
}

@TaskAgent({ name: 'fill', description: 'Makes a long text', version: '1', input: z.object({ length: z.number().int() }), output: Text })
export class Fill {
  execute(input: { length: number }): { text: string } {
    return { text: 'x'.repeat(input.length) };
  }
}

@TaskAgent({ name: 'report-progress', description: 'Says how far it is', version: '1', input: z.object({}), output: Text })
export class Steps {
  async execute(_input: object, ctx: TaskContext): Promise<{ text: string }> {
    for (let step = 1; step <= 20; step += 1) await ctx.step(`step ${step}`, () => step);
    return { text: 'twenty steps' };
  }
}

@Workflow({ name: 'welcome', description: 'Greets somebody, loudly', input: GreetInput, output: Text })
export class Welcome {
  plan(flow: Flow, input: { name: string }) {
    const talk = flow.story('Talk');
    const greeting = talk.add(Greet, { name: input.name });
    return talk.add(Shout, greeting.out).out;
  }
}

export const AGENTS = [Dictionary, Greet, Shout, Wait, Flaky, Fill, Steps, Welcome];
