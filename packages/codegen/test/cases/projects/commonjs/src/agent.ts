import { basename } from 'node:path';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';
import limits from './limits.json';
import old = require('./old');

@TaskAgent({
  name: 'old-style',
  description: `From ${basename(__filename)}`,
  input: z.object({ depth: z.number().max(limits.depth) }),
  output: z.object({ ok: old.Flag }),
})
export class OldStyle {
  execute(input: { depth: number }) {
    return { ok: input.depth > 0 };
  }
}
