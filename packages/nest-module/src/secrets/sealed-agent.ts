import type { AgentDefinition } from '@taskloom/core';

import type { Redactor } from './redactor.js';
import { sealedContext } from './sealed-context.js';

/** The agent; what it hands to the engine, returned, thrown or by its context, has no secrets in it. */
export function sealedAgent(definition: AgentDefinition, redactor: Redactor): AgentDefinition {
  const { execute } = definition;
  return {
    ...definition,
    execute: async (input, task) => {
      try {
        return redactor.json(await execute(input, sealedContext(task, redactor)));
      } catch (error) {
        throw redactor.thrown(error);
      }
    },
  };
}
