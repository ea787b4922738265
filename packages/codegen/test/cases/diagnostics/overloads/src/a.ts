import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'a' })
export class A {
  execute(input: string): string;
  execute(input: number): number;
  execute(input: string | number): string | number {
    return input;
  }
}
