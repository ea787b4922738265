import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'a', input: { path: 'string' } as never, output: z.string() })
export class A {
  execute() {
    return '';
  }
}

const output = 'text' as never;

@TaskAgent({ name: 'b', input: z.object({}), output })
export class B {
  execute() {}
}
