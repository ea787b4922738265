import { TaskAgent as Agent } from '@taskloom/decorators';
import type { TaskContext } from '@taskloom/core';
import { z } from 'zod';

import type { FileReader } from './file-reader.js';

const Input = z.object({
  paths: z.array(z.string().min(1).max(4_096)).min(1).describe('Which files to count'),
  depth: z.number().int().min(0).default(3),
  since: z.iso.datetime().optional(),
  encoding: z.enum(['utf8', 'latin1']).default('utf8'),
});

/** Not exported, and imported under another name: neither matters. */
@Agent({
  name: 'count-lines',
  description: 'Counts the lines of files',
  version: '2',
  input: Input,
  output: z.object({
    lines: z.number().int().nonnegative(),
    perFile: z.record(z.string(), z.number()),
    outcome: z.discriminatedUnion('kind', [z.object({ kind: z.literal('done') }), z.object({ kind: z.literal('partly'), missing: z.array(z.string()) })]),
    first: z.tuple([z.string(), z.number()]).nullable(),
  }),
  capabilities: ['read-files', 'count'],
  retry: { maxAttempts: 3, retryOn: (error) => error instanceof RangeError },
})
class CountLines {
  constructor(private readonly files: FileReader) {}

  async execute(input: z.output<typeof Input>, ctx: TaskContext) {
    ctx.signal.throwIfAborted();
    return { lines: this.files.read(input.paths[0]!).length, perFile: {}, outcome: { kind: 'done' as const }, first: null };
  }
}

export const providers = [CountLines];
