import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

import type { Bytes, Colour, FileStat, Page } from './model.js';

/** Weighs files. */
@TaskAgent({ name: 'weigh-files', retry: { maxAttempts: 3, retryOn: (error) => error instanceof RangeError } })
export class WeighFiles {
  async execute(input: { files: Page<FileStat>; colour: Colour; limit?: Bytes; patch?: Partial<Pick<FileStat, 'size' | 'path'>> }, _ctx: TaskContext) {
    return {
      total: input.files.items.reduce((sum, { size }) => sum + size, 0),
      heaviest: input.files.items[0] ?? null,
      at: new Date(),
      exact: 1n,
      outcome: input.limit === undefined ? { kind: 'open' as const } : { kind: 'limited' as const, limit: input.limit },
    };
  }
}

abstract class Base<Input> {
  async execute(input: Input): Promise<{ readonly echoed: Input }> {
    return { echoed: input };
  }
}

@TaskAgent({ name: 'echo' })
export class Echo extends Base<{ text: string }> {}

@TaskAgent({ name: 'tick' })
export class Tick {
  execute(): void {}
}
