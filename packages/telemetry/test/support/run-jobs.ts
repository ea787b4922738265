import { createEngine, type AgentDefinition, type Engine, type EnginePlugin, type Logger, type WorkflowDefinition } from '@taskloom/core';

export interface Watched {
  readonly plugins: readonly EnginePlugin[];
  readonly definitions: readonly (AgentDefinition | WorkflowDefinition)[];
  readonly path?: string;
  readonly logger?: Logger;
}

/** An engine with plugins. A stop hands them every event before it resolves. */
export async function startEngine({ plugins, definitions, path = ':memory:', logger }: Watched): Promise<Engine> {
  const engine = createEngine({ store: { path, synchronous: 'NORMAL' }, plugins, ...(logger ? { logger } : {}) });
  engine.register(...definitions);
  await engine.start();
  return engine;
}
