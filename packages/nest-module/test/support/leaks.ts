import { Inject, Injectable } from '@nestjs/common';
import { defineAgent, type TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

import { TaskloomSecrets } from '../../src/index.js';

const anything = z.any();

/** A secret's value that no text has by chance. */
export const CANARY = 'canary"#of#\\secret/key+1';
/** How it could be recognised in whatever it was put into. */
const TRACES = ['#of#', encodeURIComponent(CANARY), Buffer.from(`x:${CANARY}`).toString('base64').slice(4, 24)];

/** Every way in which an agent can let something out. */
export const LEAKS: Readonly<Record<string, (value: string, ctx: TaskContext) => unknown>> = {
  'returns-it': (value) => ({ nested: [{ [value]: `key=${value}` }], base64: Buffer.from(`x:${value}`).toString('base64') }),
  'throws-it': (value) => {
    throw new Error(`401 for ${value}`, { cause: new AggregateError([], `https://x/?key=${encodeURIComponent(value)}`) });
  },
  'throws-text': (value) => Promise.reject(value),
  'breaks-its-schema': (value) => ({ not: 'a number', but: value }),
  'is-no-json': (value) => new Map([[value, value]]),
  'steps-it': async (value, ctx) => ({ again: await ctx.step(`step ${value}`, () => ({ token: value })) }),
  'streams-it': (value, ctx) => (ctx.stream(`text ${value}`), ctx.progress(50, value), ctx.summarize(value), {}),
  'sleeps-by-it': async (value, ctx) => (await ctx.sleep(`until ${value}`, 1), {}),
  'skips-for-it': (value, ctx) => ctx.skip(`no ${value}`),
  'keeps-it': async (value, ctx) => {
    await ctx.cache.job.set(value, value);
    await ctx.shared('leaks').put(value, { value });
    await ctx.shared('leaks').compareAndSet(`2 ${value}`, 0, { value });
    return {};
  },
  'logs-it': (value, ctx) => (ctx.logger.warn(`used ${value}`, { header: value }), {}),
  'spawns-it': async (value, ctx) => (await ctx.spawn(Echo, { value }, { name: value }), { got: await ctx.need(Echo, { need: value }) }),
  'asks-it': async (value, ctx) => ({ got: await ctx.ask(`q ${value}`, { question: value, about: { value }, schema: z.boolean() }) }),
};
export const Echo = defineAgent({ name: 'echo', input: anything, output: anything, execute: (input: unknown) => input ?? null });

/** Gets the secret injected, as an application's agent does. */
@Injectable()
@TaskAgent({ name: 'leak', input: z.object({ how: z.string() }), output: anything })
export class Leak {
  constructor(@Inject(TaskloomSecrets) private readonly secrets: TaskloomSecrets) {}

  async execute({ how }: { how: string }, ctx: TaskContext): Promise<unknown> {
    return LEAKS[how]!(this.secrets.get('api-key').reveal(), ctx);
  }
}

/** Names of the traces that a text has. */
export const tracesIn = (text: string): readonly string[] => TRACES.filter((trace) => text.includes(trace));
