import { isName } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { DEFAULT_MAX_REJECTIONS, type ReviewPolicy } from '../model/task.js';
import type { AgentDefinition, AgentReview, AgentReviewOptions } from './agent-definition.js';

type AnyReview = AgentReview<never, never>;

/** The completed form of an agent's `review`. */
export function reviewOf(review: AnyReview | undefined): Pick<AgentDefinition, 'review' | 'judge'> {
  if (review === undefined || review === 'auto') return { review: null, judge: null };
  const { by, maxRejections = DEFAULT_MAX_REJECTIONS } = completed(review);
  if (typeof by === 'function') return { review: { by: 'predicate', maxRejections }, judge: by };
  const policy: ReviewPolicy = by === 'manual' ? { by, maxRejections } : { by: 'agent', agent: by.agent, maxRejections };
  return { review: policy, judge: null };
}

/** What is wrong with an agent's `review`, as sentences. */
export function reviewProblems(review: AnyReview | undefined, owner: string): string[] {
  if (review === undefined || review === 'auto') return [];
  const problems: string[] = [];
  const { by, maxRejections } = completed(review);
  const isAgent = typeof by === 'object' && by !== null && isName(by.agent);
  if (by !== 'manual' && typeof by !== 'function' && !isAgent)
    problems.push(
      `\`review\` of ${owner} is ${inMessage(review)}; write 'auto', 'manual', a function, or { by: 'manual' | { agent: 'name' } | a function }.`,
    );
  if (maxRejections !== undefined && !(Number.isInteger(maxRejections) && maxRejections >= 0 && maxRejections <= 100))
    problems.push(`\`review.maxRejections\` of ${owner} is ${inMessage(maxRejections)}; it must be a whole number from 0 to 100.`);
  return problems;
}

function completed(review: Exclude<AnyReview, 'auto'>): AgentReviewOptions<never, never> {
  if (review === 'manual' || typeof review === 'function') return { by: review };
  return typeof review === 'object' && review !== null ? review : { by: review };
}
