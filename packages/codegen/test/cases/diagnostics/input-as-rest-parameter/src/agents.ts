import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

@TaskAgent({ name: 'takes-all' })
export class TakesAll {
  execute(...input: [{ text: string }, TaskContext]) {
    return input[0];
  }
}
