import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'a' })
export class A {
  // @ts-expect-error it has no type
  execute(input) {
    return { got: JSON.parse(String(input)) };
  }
}
