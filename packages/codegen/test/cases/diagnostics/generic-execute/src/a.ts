import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'a' })
export class A {
  execute<T>(input: T): { echoed: T } {
    return { echoed: input };
  }
}

@TaskAgent({ name: 'b' })
export class B<T> {
  execute(input: { value: T }): void {
    void input;
  }
}
