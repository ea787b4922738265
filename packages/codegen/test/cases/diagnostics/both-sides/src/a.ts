import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'a' })
export class A {
  async execute(input: { done: () => void; items: { size: symbol }[] }) {
    return { pending: Promise.resolve(1), pattern: /x/, input };
  }
}
