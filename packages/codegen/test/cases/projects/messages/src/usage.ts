/* Checked by the compiler: what was generated fits what it was generated from. */
import type { AgentTypes, TopicMessage } from '@taskloom/core';
import { expectTypeOf } from 'expect-type';

import { agentNames, forget, measure, measureFreely, topicNames, watch, weigh, type TopicName } from './generated/taskloom.generated.js';
import type { Said } from './topics.js';

expectTypeOf<TopicName>().toEqualTypeOf<'file:changed' | 'listed' | 'said' | 'tree'>();
expectTypeOf<AgentTypes['measure']['output']>().toEqualTypeOf<{ lines: number; readAt: string }>();
expectTypeOf<AgentTypes['measure-freely']['output']>().toEqualTypeOf<{ characters: number }>();
expectTypeOf<AgentTypes['say']['input']['payload']>().toEqualTypeOf<TopicMessage<typeof Said>['payload']>();

export const tasks = [measure({ path: 'a' }), measureFreely({ path: 'a' }), forget('a'), watch({ folder: 'src' }), weigh({ path: 'a' })];
export const names = [...topicNames, ...agentNames];

// @ts-expect-error an input is that of one task
measure([{ path: 'a' }]);
