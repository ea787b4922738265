import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'same' })
export class Second {
  execute() {}
}
