import { PubSubAgent, TaskAgent } from '@taskloom/decorators';

@TaskAgent({ name: 'publishes-a-text', publishes: ['changed'] as never })
export class PublishesAText {
  execute() {}
}

@PubSubAgent({ name: 'subscribes-a-text', subscribes: 'changed' as never })
export class SubscribesAText {
  execute() {}
}
