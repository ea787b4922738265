import { definePlugin, type EnginePlugin } from '@taskloom/core';

import { Audit } from './audit.js';
import { parseAuditOptions, type AuditOptions } from './options.js';

/** An event that cannot be written now is no reason to go on without it. */
const TIMEOUT = '30d';

/**
 * A plugin that writes every event of every job to a file, each once, and refuses what its rules say.
 *
 * @throws ConfigError with everything that is wrong
 */
export function auditPlugin(options: AuditOptions): EnginePlugin {
  const parsed = parseAuditOptions(options);
  const audit = new Audit(parsed);
  return definePlugin({
    name: parsed.name,
    // An engine that cannot be audited does not start, and what a rule cannot judge is refused.
    required: true,
    timeout: TIMEOUT,
    started: (engine) => audit.begin(engine),
    afterStop: () => audit.end(),
    onEvent: (event) => audit.record(event),
    beforeSubmit: (request) => audit.beforeSubmit(request),
    // Nothing waits for a hook that is not there.
    ...(audit.rules.has('start') && { beforeStart: (attempt, input) => audit.beforeStart(attempt, input) }),
    ...(audit.rules.has('cancel') && { beforeCancel: (request) => audit.beforeCancel(request) }),
  });
}
