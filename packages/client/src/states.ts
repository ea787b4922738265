import type {
  Agent,
  Alert,
  Attempt,
  Cost,
  DependencyMode,
  Distribution,
  Failure,
  HumanRequest,
  Job,
  JobCounts,
  JobEvent,
  JobMetrics,
  JobProgress,
  JobReport,
  Limit,
  Metrics,
  Overview,
  Schedule,
  StoryCost,
  StoryProgress,
  Task,
  TaskCounts,
  TaskMetrics,
  TaskReport,
  Workflow,
} from './schema.js';

/*
 * What the client's own operations ask for, and the types of what they give: both follow from the same lists, so that no
 * type promises a field that was not asked for.
 */

/** A selection of fields. */
const words = (fields: readonly string[]): string => fields.join(' ');

const FAILURE_FIELDS = ['code', 'message', 'name', 'causes', 'details'] as const satisfies readonly (keyof Failure)[];
const FAILURE = words(FAILURE_FIELDS);

const COUNT_FIELDS = [
  'total',
  'pending',
  'ready',
  'inProgress',
  'blocked',
  'completed',
  'accepted',
  'failed',
  'rejected',
  'skipped',
  'cancelled',
  'dormant',
] as const satisfies readonly (keyof TaskCounts)[];

const JOB_FIELDS = [
  'id',
  'name',
  'workflow',
  'status',
  'success',
  'progress',
  'priority',
  'generation',
  'lastSeq',
  'createdAt',
  'startedAt',
  'finishedAt',
  'runAt',
  'deadline',
] as const satisfies readonly (keyof Job)[];

/** Where a job stands: what lists and streams tell. */
export type JobState = Pick<Job, (typeof JOB_FIELDS)[number] | 'error' | 'counts'>;
export const JOB_STATE = `${words(JOB_FIELDS)} error { ${FAILURE} } counts { ${words(COUNT_FIELDS)} }`;

const MORE_JOB_FIELDS = ['input', 'output', 'metadata', 'failureStrategy', 'maxParallel'] as const satisfies readonly (keyof Job)[];

/** A job with what it took and gave, whole. */
export type JobDetails = JobState & Pick<Job, (typeof MORE_JOB_FIELDS)[number]> & { readonly objective: TaskState | null };

const TASK_FIELDS = [
  'id',
  'jobId',
  'key',
  'name',
  'type',
  'kind',
  'assignee',
  'agent',
  'status',
  'statusReason',
  'statusMessage',
  'held',
  'progress',
  'progressMessage',
  'summary',
  'priority',
  'generation',
  'attempt',
  'maxAttempts',
  'createdAt',
  'updatedAt',
  'startedAt',
  'finishedAt',
  'availableAt',
  'deadline',
] as const satisfies readonly (keyof Task)[];

/** Where a task stands: what lists and streams tell. */
export type TaskState = Pick<Task, (typeof TASK_FIELDS)[number] | 'error'> & {
  /** The task above it, null for the objective. */
  readonly parent: { readonly id: string } | null;
};
export const TASK_STATE = `${words(TASK_FIELDS)} error { ${FAILURE} } parent { id }`;
export const JOB_DETAILS = `${JOB_STATE} ${words(MORE_JOB_FIELDS)} objective { ${TASK_STATE} }`;

const MORE_TASK_FIELDS = [
  'description',
  'acceptanceCriteria',
  'input',
  'output',
  'metadata',
  'resources',
  'durability',
  'failureStrategy',
  'timeout',
  'idleTimeout',
  'runAt',
  'weight',
  'rejections',
  'cachedFrom',
  'dependencyCount',
] as const satisfies readonly (keyof Task)[];

/** A task with what it took and gave, whole, why it stands where it stands, and what it waits for (the first 100). */
export type TaskDetails = TaskState &
  Pick<Task, (typeof MORE_TASK_FIELDS)[number] | 'why'> & {
    readonly dependencyEdges: readonly { readonly taskId: string; readonly mode: DependencyMode }[];
  };
export const TASK_DETAILS = `${TASK_STATE} ${words(MORE_TASK_FIELDS)} why { code message remedy blockers limit requests until agent { name by message wanted standsInFor } } dependencyEdges { taskId mode }`;

const EVENT_FIELDS = ['jobId', 'seq', 'type', 'taskId', 'taskKey', 'at', 'actor', 'data'] as const satisfies readonly (keyof JobEvent)[];
export const JOB_EVENT = `${words(EVENT_FIELDS)} engine { id name }`;

const HUMAN_REQUEST_FIELDS = [
  'id',
  'jobId',
  'taskId',
  'taskKey',
  'kind',
  'name',
  'question',
  'about',
  'answerSchema',
  'requestHash',
  'status',
  'answer',
  'answeredBy',
  'assignee',
  'deadline',
  'onTimeout',
  'createdAt',
  'closedAt',
] as const satisfies readonly (keyof HumanRequest)[];
export const HUMAN_REQUEST = words(HUMAN_REQUEST_FIELDS);

const AGENT_FIELDS = [
  'name',
  'description',
  'version',
  'capabilities',
  'publishes',
  'subscribes',
  'inputSchema',
  'outputSchema',
] as const satisfies readonly (keyof Agent)[];
export const AGENT = words(AGENT_FIELDS);

const WORKFLOW_FIELDS = ['name', 'description', 'version', 'inputSchema', 'outputSchema'] as const satisfies readonly (keyof Workflow)[];
export const WORKFLOW = words(WORKFLOW_FIELDS);

const SCHEDULE_FIELDS = [
  'id',
  'workflow',
  'every',
  'cron',
  'timezone',
  'startAt',
  'endAt',
  'paused',
  'declared',
  'overlap',
  'missed',
  'input',
  'nextAt',
  'lastAt',
  'lastJobId',
  'lastProblem',
  'createdAt',
] as const satisfies readonly (keyof Schedule)[];
export const SCHEDULE = words(SCHEDULE_FIELDS);

const STORY_PROGRESS_FIELDS = ['taskId', 'key', 'name', 'percent', 'weight'] as const satisfies readonly (keyof StoryProgress)[];
const JOB_PROGRESS_FIELDS = ['percent', 'weight'] as const satisfies readonly (keyof JobProgress)[];
export const JOB_PROGRESS = `${words(JOB_PROGRESS_FIELDS)} stories { ${words(STORY_PROGRESS_FIELDS)} }`;

const COST_FIELDS = ['unit', 'amount'] as const satisfies readonly (keyof Cost)[];
const COST = words(COST_FIELDS);
const STORY_COST_FIELDS = ['taskId', 'key', 'name'] as const satisfies readonly (keyof StoryCost)[];
export const JOB_COST = `cost { ${COST} } stories { ${words(STORY_COST_FIELDS)} cost { ${COST} } }`;

const ATTEMPT_FIELDS = ['number', 'status', 'startedAt', 'endedAt'] as const satisfies readonly (keyof Attempt)[];
const TASK_REPORT_FIELDS = [
  'taskId',
  'key',
  'name',
  'type',
  'agent',
  'status',
  'statusReason',
  'statusMessage',
  'summary',
  'attempt',
  'ranMs',
] as const satisfies readonly (keyof TaskReport)[];
const JOB_REPORT_FIELDS = ['tookMs', 'ranMs', 'tasksLeftOut'] as const satisfies readonly (keyof JobReport)[];
const TASK_REPORT = `${words(TASK_REPORT_FIELDS)} cost { ${COST} } totalCost { ${COST} } error { ${FAILURE} } attempts { ${words(ATTEMPT_FIELDS)} error { ${FAILURE} } }`;
export const JOB_REPORT = `${words(JOB_REPORT_FIELDS)} cost { ${COST} } tasks { ${TASK_REPORT} }`;

/** What became of a job, or has so far, and where it stands. */
export type JobReportState = JobReport & { readonly job: JobState };

const JOB_COUNT_FIELDS = [
  'total',
  'awaitingConfirmation',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
] as const satisfies readonly (keyof JobCounts)[];
const LIMIT_FIELDS = ['name', 'kind', 'taken', 'capacity', 'waiting'] as const satisfies readonly (keyof Limit)[];
const ALERT_FIELDS = [
  'id',
  'kind',
  'level',
  'active',
  'subject',
  'jobId',
  'taskId',
  'message',
  'value',
  'threshold',
  'raisedAt',
  'clearedAt',
  'acknowledgedAt',
  'acknowledgedBy',
] as const satisfies readonly (keyof Alert)[];
export const ALERT = words(ALERT_FIELDS);

/** What there is to do, and how it goes. */
export interface OverviewState extends Omit<Overview, 'slowestTasks'> {
  /** The tasks that have run for the longest time, at most 10. */
  readonly slowestTasks: readonly TaskState[];
}
export const OVERVIEW = `jobs { ${words(JOB_COUNT_FIELDS)} } tasks { ${words(COUNT_FIELDS)} } limits { ${words(LIMIT_FIELDS)} } alerts { ${ALERT} } slowestTasks(first: 10) { ${TASK_STATE} }`;

const DISTRIBUTION_FIELDS = ['count', 'sum', 'min', 'mean', 'max', 'p50', 'p95', 'p99'] as const satisfies readonly (keyof Distribution)[];
const TASK_METRIC_FIELDS = [
  'name',
  'started',
  'completed',
  'failed',
  'retried',
  'timedOut',
  'skipped',
  'cancelled',
  'successRate',
] as const satisfies readonly (keyof TaskMetrics)[];
const JOB_METRIC_FIELDS = ['submitted', 'completed', 'failed', 'cancelled'] as const satisfies readonly (keyof JobMetrics)[];
const METRIC_FIELDS = ['since', 'at', 'dependencyDepth', 'queueDepth'] as const satisfies readonly (keyof Metrics)[];
const OF_TASKS = `${words(TASK_METRIC_FIELDS)} duration { ${words(DISTRIBUTION_FIELDS)} } wait { ${words(DISTRIBUTION_FIELDS)} }`;
export const METRICS = `${words(METRIC_FIELDS)} jobs { ${words(JOB_METRIC_FIELDS)} } tasks { ${OF_TASKS} } agents { ${OF_TASKS} } kinds { ${OF_TASKS} } openJobs { ${words(JOB_COUNT_FIELDS)} } openTasks { ${words(COUNT_FIELDS)} } limits { ${words(LIMIT_FIELDS)} }`;
