import { TaskAgent, Workflow } from '@taskloom/decorators';

export function make() {
  @TaskAgent({ name: 'inside' })
  class Inside {
    execute() {}
  }
  return Inside;
}
