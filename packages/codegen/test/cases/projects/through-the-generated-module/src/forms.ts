import type { Flow, TaskContext } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { empty, formed, mailed, type FormedOutput } from './generated/taskloom.generated.js';

interface Page<Item> {
  items: Item[];
}

@TaskAgent({ name: 'formed' })
export class Formed {
  execute(_input: { since: Date }): {
    until: Date;
    seen?: Date[];
    /**
     * @format uri
     * @pattern ^[`'"\\]|\$\{x\}|.
     */
    site: string;
    raw: Uint8Array;
    total: bigint;
    /** @integer @minimum 1 */
    count: number;
    byName: Map<string, Date>;
    /** @minLength 1 */
    name: string;
  } {
    throw new Error('read only');
  }
}

const Mail = z.object({
  mail: z.email(),
  id: z.uuid(),
  age: z.int().min(0),
  zone: z.string().min(1),
  days: z.record(z.string(), z.iso.date()),
});

@TaskAgent({ name: 'mailed', input: z.object({}), output: Mail })
export class Mailed {
  execute(): z.output<typeof Mail> {
    throw new Error('read only');
  }
}

/** What is passed on keeps its form, what is made of it has none. */
@TaskAgent({ name: 'passes-on' })
export class PassesOn {
  async execute(input: { formed: FormedOutput }, ctx: TaskContext) {
    const { until, seen, count, total, byName, name } = await ctx.need('formed', { since: '2020-01-01T00:00:00Z' });
    const { site } = input.formed;
    return {
      until,
      first: seen?.[0] ?? null,
      count,
      more: count + 1,
      some: seen ? count : 0.5,
      total,
      byName,
      name: name === 'main' ? name : 'other',
      said: `since ${until}`,
      tagged: `since ${until}` as const,
      later: until > '2020' ? until : 'never',
      visits: {} as Record<typeof site, number>,
      page: { items: [until] } as Page<typeof until>,
    };
  }
}

@TaskAgent({ name: 'empty', input: z.object({}), output: z.object({}) })
export class Empty {
  execute() {
    return {};
  }
}

@Workflow({ name: 'forms' })
export class Forms {
  plan(flow: Flow, input: { since: Date; formed: FormedOutput }) {
    const one = flow.add(formed({ since: input.since.toISOString() }));
    const two = flow.add(mailed({}));
    return {
      until: one.out.until,
      sometimes: one.out.until.or('never'),
      raw: one.out.raw,
      count: one.out.count,
      half: one.out.count.or(0.5),
      mail: two.out.mail,
      id: two.out.id,
      age: two.out.age,
      zone: two.out.zone,
      days: two.out.days,
      all: one.out,
      nothing: flow.add(empty({})).out,
    };
  }
}
