import type { Attributes } from '@opentelemetry/api';

import type { JobFacts, Run } from '../observe/observation.js';

/*
 * Every name that telemetry uses. Those of generative AI follow the OpenTelemetry conventions for it, version 0.1.0
 * (github.com/open-telemetry/semantic-conventions-genai), where they apply; all of these are still in development, so they
 * stand here and nowhere else.
 */

const OPERATION = 'gen_ai.operation.name';
const AGENT = 'gen_ai.agent.name';
export const ERROR_TYPE = 'error.type';

export const AGENT_DURATION = 'gen_ai.invoke_agent.duration';
export const TASK_RUNS = 'taskloom.task.runs';
export const TASK_WAIT = 'taskloom.task.wait.duration';
export const TASK_DEPTH = 'taskloom.task.dependency.depth';
export const JOBS_STARTED = 'taskloom.jobs.started';
export const JOBS_ENDED = 'taskloom.jobs.ended';
export const LIMIT_TAKEN = 'taskloom.limit.taken';
export const LIMIT_CAPACITY = 'taskloom.limit.capacity';
export const LIMIT_WAITING = 'taskloom.limit.waiting';

/** Bounds for durations of seconds, from a hundredth to an hour. */
export const SECONDS = [0.01, 0.04, 0.16, 0.64, 2.5, 10, 40, 160, 600, 3_600];

/** A workflow's name is one of few; the name of an explicit graph may be anything, and stands in traces only. */
export function workflowName({ workflow, name }: JobFacts): string {
  return workflow ?? name;
}

export function jobSpanName(job: JobFacts): string {
  return `invoke_workflow ${workflowName(job)}`;
}

export function jobAttributes(job: JobFacts): Attributes {
  return {
    [OPERATION]: 'invoke_workflow',
    [AGENT]: workflowName(job),
    'taskloom.job.id': job.id,
    'taskloom.job.name': job.name,
    'taskloom.job.generation': job.generation,
    'taskloom.tenant': job.tenant,
  };
}

export function runSpanName({ task }: Run): string {
  return `invoke_agent ${task.agent}`;
}

export function runAttributes({ task, job, attempt, fence, waitedMs }: Run): Attributes {
  return {
    [OPERATION]: 'invoke_agent',
    [AGENT]: task.agent,
    'taskloom.job.id': job.id,
    'taskloom.task.id': task.id,
    'taskloom.task.key': task.key,
    'taskloom.task.type': task.type,
    ...(task.kind === '' ? undefined : { 'taskloom.task.kind': task.kind }),
    ...(task.parent === null ? undefined : { 'taskloom.task.parent': task.parent }),
    'taskloom.task.attempt': attempt,
    'taskloom.task.fence': fence,
    'taskloom.task.wait': waitedMs / 1_000,
  };
}

/** Attributes of metrics: only what has few values. */
export function jobLabels({ workflow }: JobFacts): Attributes {
  return { [OPERATION]: 'invoke_workflow', ...(workflow === null ? undefined : { [AGENT]: workflow }) };
}

export function runLabels({ task }: Run): Attributes {
  return { [OPERATION]: 'invoke_agent', [AGENT]: task.agent, ...(task.kind === '' ? undefined : { 'taskloom.task.kind': task.kind }) };
}
