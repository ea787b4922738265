import { TaskAgent, Workflow } from '@taskloom/decorators';

const name = ['a', 'b'].join('-');
let changing = 'c';
changing += 'd';

@TaskAgent({ name })
export class A {
  execute() {}
}

@TaskAgent({ name: changing })
export class B {
  execute() {}
}

@TaskAgent({ name: process.env['NAME'] ?? 'x' })
export class C {
  execute() {}
}
