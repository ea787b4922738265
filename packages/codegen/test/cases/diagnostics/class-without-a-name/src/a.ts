import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'nameless' })
export default class {
  execute() {}
}
