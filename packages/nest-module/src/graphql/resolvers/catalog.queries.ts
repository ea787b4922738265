import type { AgentView, WorkflowView } from '@taskloom/core';

import type { ApiContext } from '../api-context.js';
import { AgentsAcceptingArgs } from '../args/agents-accepting.args.js';
import { AgentsArgs } from '../args/agents.args.js';
import { NameArgs } from '../args/name.args.js';
import { Args, Query, Resolver } from '../decorators.js';
import { present } from '../present.js';
import { Agent } from '../types/agent.type.js';
import { Workflow } from '../types/workflow.type.js';

@Resolver()
export class CatalogQueries {
  @Query(() => [Agent], { description: 'The agents of the application, by name.' })
  agents(_root: unknown, @Args() { capability }: AgentsArgs, { engine }: ApiContext): readonly AgentView[] {
    return engine.agents(present({ capability }));
  }

  @Query(() => Agent, { nullable: true, description: 'An agent, or null where there is none of that name.' })
  agent(_root: unknown, @Args() { name }: NameArgs, { engine }: ApiContext): AgentView | null {
    return engine.agent(name);
  }

  @Query(() => [Agent], { description: 'The agents whose input schema accepts a value.' })
  agentsAccepting(_root: unknown, @Args() { input }: AgentsAcceptingArgs, { engine }: ApiContext): Promise<readonly AgentView[]> {
    return engine.agentsAccepting(input);
  }

  @Query(() => [Workflow], { description: 'The workflows of the application, by name.' })
  workflows(_root: unknown, _args: unknown, { engine }: ApiContext): readonly WorkflowView[] {
    return engine.workflows();
  }

  @Query(() => Workflow, { nullable: true, description: 'A workflow, or null where there is none of that name.' })
  workflow(_root: unknown, @Args() { name }: NameArgs, { engine }: ApiContext): WorkflowView | null {
    return engine.workflow(name);
  }
}
