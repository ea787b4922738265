import type { EnginePlugin, Summarizer } from '@taskloom/core';

import type { Redactor } from './redactor.js';
import { sealedAgent } from './sealed-agent.js';
import { sealedCall } from './sealed-call.js';

type Contribution = EnginePlugin['contributes'];

/**
 * What a plugin contributes; what its router, summarizer and rules answer or throw, and what its agents do, has no secrets in
 * it. A store and a dispatcher are given only what has none.
 */
export function sealedContribution(contribution: Contribution, redactor: Redactor): Contribution {
  const { router, summarizer, policies, definitions } = contribution;
  return {
    ...contribution,
    ...(router && { router: { route: sealedCall(router.route.bind(router), redactor) } }),
    ...(summarizer && { summarizer: sealedSummarizer(summarizer, redactor) }),
    ...(policies?.retry && { policies: { ...policies, retry: sealedCall(policies.retry, redactor) } }),
    ...(definitions && {
      definitions: definitions.map((definition) => (definition.kind === 'agent' ? sealedAgent(definition, redactor) : definition)),
    }),
  };
}

export function sealedSummarizer(summarizer: Summarizer, redactor: Redactor): Summarizer {
  return { summarize: sealedCall(summarizer.summarize.bind(summarizer), redactor) };
}
