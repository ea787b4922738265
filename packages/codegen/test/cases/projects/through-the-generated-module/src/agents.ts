import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'given', input: z.object({ n: z.number() }), output: z.object({ doubled: z.number() }) })
export class Given {
  execute(input: { n: number }) {
    return { doubled: input.n * 2 };
  }
}

@TaskAgent({ name: 'plain' })
export class Plain {
  execute(input: { text: string; at?: Date }) {
    return { length: input.text.length, at: input.at ?? null };
  }
}

@TaskAgent({ name: 'half', input: z.object({ text: z.string() }) })
export class Half {
  execute(input: { text: string }) {
    return { parts: input.text.split('') };
  }
}
