import { cutText } from '../context/cut-text.js';
import { inMessage } from '../kernel/in-message.js';
import { ROUTED_BY, type RouteDoubt, type RoutedBy } from '../model/agent-choice.js';

const MOST_CANDIDATES = 20;
const REASON_CHARS = 500;

/** What a router said; `null` for nothing. @throws TypeError for what is no answer */
export function readRouteAnswer(said: unknown): { readonly agent: string; readonly by: RoutedBy } | RouteDoubt | null {
  if (said === undefined || said === null) return null;
  if (typeof said === 'string') return { agent: said, by: 'ROUTER' };
  const { agent, by, candidates, reason } = said as { readonly [part: string]: unknown };
  if (typeof agent === 'string' && ROUTED_BY.includes(by as RoutedBy)) return { agent, by: by as RoutedBy };
  if (Array.isArray(candidates) && candidates.every((name) => typeof name === 'string') && typeof reason === 'string')
    return { candidates: candidates.slice(0, MOST_CANDIDATES), reason: cutText(reason.toWellFormed(), REASON_CHARS) };
  throw noRegisteredAgent(said);
}

export function noRegisteredAgent(said: unknown): TypeError {
  return new TypeError(`it chose ${inMessage(said)}, which is no registered agent`);
}
