import { TaskAgent, Workflow } from '@taskloom/decorators';

const options: { name?: string } = {};
const given = {} as const;

// @ts-expect-error it has no name
@TaskAgent(given)
export class A {
  execute() {}
}

// @ts-expect-error it has no options
@TaskAgent()
export class B {
  execute() {}
}

export { options };
