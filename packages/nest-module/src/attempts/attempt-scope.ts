import { AsyncResource } from 'node:async_hooks';

import type { AgentDefinition } from '@taskloom/core';

/**
 * Where attempts run: in the async context that the application started in. The engine starts an attempt when somebody's
 * call has made room for it; without this, the agent would find that caller's request in an `AsyncLocalStorage`.
 */
export class AttemptScope {
  private readonly start = new AsyncResource('TaskloomAttempts');

  around(definition: AgentDefinition): AgentDefinition {
    const { execute } = definition;
    return { ...definition, execute: (input, task) => this.start.runInAsyncScope(() => execute(input, task)) };
  }
}
