import type { EnginePlugin } from '@taskloom/core';

import type { Redactor } from './redactor.js';
import { sealedAgent } from './sealed-agent.js';

type Hook = (...args: never[]) => unknown;

/** The plugin; what its hooks return or throw, and what its agents do, has no secrets in it. */
export function sealedPlugin(plugin: EnginePlugin, redactor: Redactor): EnginePlugin {
  const hooks = Object.entries(plugin.hooks).map(([name, hook]: [string, Hook | undefined]) => [
    name,
    hook &&
      (async (...args: never[]) => {
        try {
          return redactor.json(await hook.apply(plugin.hooks, args));
        } catch (error) {
          throw redactor.thrown(error);
        }
      }),
  ]);
  const { definitions } = plugin.contributes;
  return {
    ...plugin,
    hooks: Object.fromEntries(hooks) as EnginePlugin['hooks'],
    contributes: {
      ...plugin.contributes,
      ...(definitions && {
        definitions: definitions.map((definition) => (definition.kind === 'agent' ? sealedAgent(definition, redactor) : definition)),
      }),
    },
  };
}
