import type { Flow } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'a' })
export class A {
  execute() {
    return { n: 1 };
  }
}

@Workflow({ name: 'w' })
export class W {
  plan(flow: Flow) {
    const task = flow.add(A, {});
    return { task, story: flow.story('x'), fine: task.out.n };
  }
}
