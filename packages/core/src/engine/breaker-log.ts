import type { BreakerState } from '../dispatch/circuit-breaker.js';
import type { Logger } from '../ports/logger.js';

/** Tells when an agent's circuit breaker opens or closes. */
export function breakerLog(logger: Logger): (agent: string, state: BreakerState) => void {
  return (agent, state) => {
    if (state === 'closed') logger.info('An attempt succeeded: tasks of the agent are started again.', { agent });
    else logger.warn('Too many attempts of an agent failed: its tasks wait, then one of them is tried.', { agent });
  };
}
