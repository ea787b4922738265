import { ID } from '@nestjs/graphql';
import type { AgentChoice as AgentChoiceKind, AgentChoiceView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { AgentChoiceEnum } from '../enums/agent-choice.enum.js';

@ObjectType({ description: 'Why the agent of a task is the one that it is.' })
export class AgentChoice {
  constructor(private readonly view: AgentChoiceView) {}

  @Field(() => String, { nullable: true, description: 'The agent; null for a task that stands for its children.' })
  get name(): string | null {
    return this.view.name;
  }

  @Field(() => AgentChoiceEnum, { description: 'How the task came to it, for programs.' })
  get by(): AgentChoiceKind {
    return this.view.by;
  }

  @Field(() => String, { description: 'How the task came to it, as a sentence.' })
  get message(): string {
    return this.view.message;
  }

  @Field(() => String, {
    nullable: true,
    description: 'What was asked for where that is no name of the agent: a capability, `*`, another name, a topic.',
  })
  get wanted(): string | null {
    return this.view.wanted;
  }

  @Field(() => ID, { nullable: true, description: 'Id of the task that routes to this one where it fails.' })
  get standsInFor(): string | null {
    return this.view.standsInFor;
  }
}
