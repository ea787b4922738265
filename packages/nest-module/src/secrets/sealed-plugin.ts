import type { EnginePlugin } from '@taskloom/core';

import type { Redactor } from './redactor.js';
import { sealedCall } from './sealed-call.js';
import { sealedContribution } from './sealed-contribution.js';

/** The plugin; what its hooks return or throw, and what it contributes, has no secrets in it. */
export function sealedPlugin(plugin: EnginePlugin, redactor: Redactor): EnginePlugin {
  const hooks = Object.entries(plugin.hooks as Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>).map(
    ([name, hook]) => [name, hook && sealedCall(hook.bind(plugin.hooks), redactor)],
  );
  return {
    ...plugin,
    hooks: Object.fromEntries(hooks) as EnginePlugin['hooks'],
    contributes: sealedContribution(plugin.contributes, redactor),
  };
}
