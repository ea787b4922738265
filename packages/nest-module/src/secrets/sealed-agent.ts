import type { AgentDefinition } from '@taskloom/core';

import type { Redactor } from './redactor.js';
import { sealedContext } from './sealed-context.js';

type Batch = NonNullable<AgentDefinition['batch']>;

/** The agent; what it hands to the engine, returned, thrown or by its context, has no secrets in it. */
export function sealedAgent(definition: AgentDefinition, redactor: Redactor): AgentDefinition {
  const { execute, batch } = definition;
  return {
    ...definition,
    batch: batch && sealedBatch(batch, redactor),
    execute: async (input, task) => {
      try {
        return redactor.json(await execute(input, sealedContext(task, redactor)));
      } catch (error) {
        throw redactor.thrown(error);
      }
    },
  };
}

/** One outcome for each task, of which some may have been rejected. */
function sealedBatch(batch: Batch, redactor: Redactor): Batch {
  return {
    ...batch,
    execute: async (inputs, context) => {
      try {
        const results = await batch.execute(inputs, context);
        return Array.isArray(results) ? results.map((result: unknown) => sealedResult(result, redactor)) : results;
      } catch (error) {
        throw redactor.thrown(error);
      }
    },
  };
}

function sealedResult(result: unknown, redactor: Redactor): unknown {
  if (typeof result !== 'object' || result === null || !('reason' in result)) return redactor.json(result);
  return { ...result, reason: redactor.thrown(result.reason) };
}
