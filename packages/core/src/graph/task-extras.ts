import { momentMs } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import type { AgentFact } from '../model/agent-facts.js';
import { ASSIGNEE_RULE, isAssignee } from '../model/assignee.js';
import type { ReviewSubmission, TaskSubmission } from '../model/submission.js';
import { DEFAULT_MAX_REJECTIONS, DURABILITIES, type Durability, type ReviewPolicy, type TaskSpec } from '../model/task.js';

export type SpecExtras = Pick<TaskSpec, 'durability' | 'deadline' | 'runAt' | 'review' | 'resources' | 'assignee'>;

/** What a task says beyond its place and its agent, completed by what the agent declares. `report` takes what is wrong. */
export function readExtras(task: TaskSubmission, fact: AgentFact | null, report: (what: string) => void): SpecExtras {
  return {
    durability: readDurability(task.durability, fact, report),
    deadline: readMoment('deadline', task.deadline, report),
    runAt: readMoment('runAt', task.runAt, report),
    review: task.agent === undefined ? null : readReview(task.review, fact, report),
    resources: readResources(task.resources, report),
    assignee: readAssignee(task.assignee, report),
  };
}

function readDurability(given: Durability | undefined, fact: AgentFact | null, report: (what: string) => void): Durability {
  if (given === undefined) return fact?.durability ?? 'retry';
  if (!DURABILITIES.includes(given)) report(`\`durability\` is ${inMessage(given)}; it must be one of ${DURABILITIES.join(', ')}.`);
  return given;
}

function readMoment(name: string, given: unknown, report: (what: string) => void): number | null {
  if (given === undefined) return null;
  const ms = momentMs(given);
  if (ms === null) report(`\`${name}\` is ${inMessage(given)}; it must be a date, an ISO 8601 text or milliseconds since 1970.`);
  return ms;
}

function readReview(given: ReviewSubmission | undefined, fact: AgentFact | null, report: (what: string) => void): ReviewPolicy | null {
  if (given === undefined) return fact?.review ?? null;
  if (given === 'auto') return null;
  if (given !== 'manual' && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    report(`\`review\` is ${inMessage(given)}; it must be auto, manual or an object with \`by\`.`);
    return null;
  }
  const { by, maxRejections = DEFAULT_MAX_REJECTIONS, ...rest } = given === 'manual' ? { by: given } : given;
  if (by !== 'manual' && by !== 'agent') report(`\`review.by\` is ${inMessage(by)}; it must be manual or agent.`);
  const { agent } = rest as { readonly agent?: unknown };
  if ((by === 'agent' || agent !== undefined) && typeof agent !== 'string') {
    report(`\`review.agent\` is ${agent === undefined ? 'missing' : inMessage(agent)}; it must be the name of the agent that judges.`);
    return null;
  }
  if (!Number.isInteger(maxRejections) || maxRejections < 0 || maxRejections > 100)
    report(`\`review.maxRejections\` is ${inMessage(maxRejections)}; it must be a whole number from 0 to 100.`);
  return { by, maxRejections, ...rest };
}

function readAssignee(given: string | undefined, report: (what: string) => void): string | null {
  if (given === undefined || given === null) return null;
  if (isAssignee(given)) return given.toWellFormed();
  report(`\`assignee\` is ${inMessage(given)}; it must be ${ASSIGNEE_RULE}.`);
  return null;
}

function readResources(given: TaskSubmission['resources'], report: (what: string) => void): TaskSpec['resources'] {
  if (given === undefined || given === null) return null;
  for (const [pool, amount] of Object.entries(given))
    if (!(typeof amount === 'number' && Number.isFinite(amount) && amount > 0))
      report(`\`resources.${pool}\` is ${inMessage(amount)}; it must be a number above 0.`);
  return given;
}
