import { TaskAgent, Workflow } from '@taskloom/decorators';

const read = (): { name: string } => ({ name: 'x' });

@TaskAgent(read())
export class A {
  execute() {}
}

@TaskAgent({ ...read(), version: '2' })
export class B {
  execute() {}
}
