import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'a' })
export class A {
  execute(input: { a: string ) {
    return input;
  }
}
