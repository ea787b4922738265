import { defineTopic, type TopicMessage } from '@taskloom/core';
import { PubSubAgent } from '@taskloom/decorators';
import { z } from 'zod';

/** All that a name may be, where it could mean something else: in code, as a file, beside an agent of the same name. */
const Topics = ['class', 'delete', '..', 'Con', '3d.Render:v2', 'topicNames', 'manifest', 'a.input', 'toString2'].map((name) =>
  defineTopic({
    name,
    description: '*/ `${1}` \u2028 </script> | a |',
    payload: z.object({ ['*/ `${process.exit(7)}`\n\u2028']: z.literal("it's \\ \"quoted\""), 'constructor': z.string().optional() }),
  }),
);

@PubSubAgent({ name: 'hears-all', subscribes: Topics, publishes: Topics })
export class HearsAll {
  execute(message: TopicMessage<(typeof Topics)[number]>) {
    return message.topic;
  }
}
