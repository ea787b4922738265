import { nearest } from '../kernel/nearest.js';
import type { AgentFacts } from '../model/agent-facts.js';
import { show, type GraphProblems } from './graph-problems.js';

/** Reports an agent that is not registered, or that the job does not allow. */
export function checkAgent(
  agent: string,
  taskKey: string,
  { agentNames, doubtOf }: Pick<AgentFacts, 'agentNames' | 'doubtOf'>,
  allowed: readonly string[] | null | undefined,
  problems: GraphProblems,
): void {
  if (!agentNames.has(agent)) {
    const near = nearest(agent, agentNames);
    const doubt = doubtOf?.(taskKey);
    const hint = doubt ? `: ${doubt.reason}.` : near.length > 0 ? `; did you mean ${near.join(', ')}?` : '.';
    problems.report('UNKNOWN_AGENT', taskKey, `"${show(taskKey)}" names the agent "${show(agent)}", which is not registered${hint}`, {
      agent,
      nearest: near,
      ...(doubt && { candidates: [...doubt.candidates] }),
    });
    return;
  }
  if (!allowed || allowed.includes(agent)) return;
  const message = `"${show(taskKey)}" names the agent "${agent}", which is not in the job's allowedAgents.`;
  problems.report('AGENT_NOT_ALLOWED', taskKey, message, { agent });
}
