import type { PubSubAgentOptions, TopicDefinition, TopicMessage } from '@taskloom/core';

import { applyDecorator } from './apply-decorator.js';
import type { ClassWithExecute } from './decorated-class.js';
import { PUBSUB_AGENT_OPTIONS } from './metadata/metadata-keys.js';

/**
 * Makes a class an agent that is run by messages: a provider of NestJS whose `execute(message, ctx)` runs once for each
 * message on a topic it subscribes. The compiler checks `execute` against the payloads of the topics; there are no other
 * schemas. What `execute` returns is kept as the task's output.
 *
 * A class counts only when it is decorated itself; its `execute` may be inherited. Options are checked when the
 * application starts.
 *
 * @throws TaskloomError `DECORATOR_MISUSE`, when the class is defined, where the decorator cannot work
 */
export function PubSubAgent<const Topics extends readonly TopicDefinition[]>(
  options: PubSubAgentOptions<Topics>,
): (target: ClassWithExecute<TopicMessage<Topics[number]>, unknown>) => void {
  return applyDecorator(
    {
      decorator: '@PubSubAgent',
      kind: 'agent',
      key: PUBSUB_AGENT_OPTIONS,
      method: 'execute',
      example: 'async execute(message, ctx) { … }',
    },
    options,
  );
}
