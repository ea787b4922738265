import type { AgentDefinition, Engine, WorkflowDefinition } from '@taskloom/core';

import { replaceAgents } from '../testing/replace-agents.js';
import { findDuplicates } from './find-duplicates.js';
import { findUnknownAgents } from './find-unknown-agents.js';
import { problemsOf } from './problems-of.js';

type Definition = AgentDefinition | WorkflowDefinition;

export interface RegisterOptions {
  /** `null`: its options are wrong, so there is none, and only what can be said without it is said. */
  readonly engine: Engine | null;
  readonly planner: string | null;
  /** What a test lets agents do, by name. */
  readonly agents: ReadonlyMap<string, AgentDefinition> | null;
  /** What the module puts around an agent. */
  readonly surround: (agent: AgentDefinition) => AgentDefinition;
}

/** Makes what was found known to the engine. Gives everything that is wrong with it, each with what to do about it. */
export function registerAll(found: readonly Definition[], { engine, planner, agents, surround }: RegisterOptions): readonly string[] {
  const distinct = [...new Set(found)];
  const definitions = agents ? replaceAgents(distinct, agents) : distinct;
  const register = (definition: Definition): readonly string[] => {
    try {
      engine?.register(definition.kind === 'agent' ? surround(definition) : definition);
      return [];
    } catch (error) {
      return problemsOf(error);
    }
  };
  return [...findDuplicates(definitions), ...findUnknownAgents(definitions, planner), ...oneOfEach(definitions).flatMap(register)];
}

/** One definition of each name: that there are others has been told. */
function oneOfEach(definitions: readonly Definition[]): readonly Definition[] {
  return [...new Map(definitions.map((definition) => [`${definition.kind} ${definition.name}`, definition])).values()];
}
