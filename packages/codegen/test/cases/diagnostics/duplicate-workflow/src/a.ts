import { TaskAgent, Workflow } from '@taskloom/decorators';

@Workflow({ name: 'same' })
export class First {
  plan() {}
}

@Workflow({ name: 'same' })
export class Second {
  plan() {}
}
