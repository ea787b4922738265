import {
  AGENT,
  ALERT,
  HUMAN_REQUEST,
  JOB_DETAILS,
  JOB_EVENT,
  JOB_COST,
  JOB_PROGRESS,
  JOB_REPORT,
  JOB_STATE,
  METRICS,
  OVERVIEW,
  SCHEDULE,
  TASK_DETAILS,
  TASK_STATE,
  WORKFLOW,
} from './states.js';

const PAGE = 'pageInfo { endCursor hasNextPage } totalCount @include(if: $count)';

/** What the client's own methods send: one root field each, named as the operation. A test holds them against schema.graphql. */
export const DOCUMENTS = {
  // ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────
  job: `query Job($id: ID!) { job(id: $id) { ${JOB_STATE} } }`,
  jobDetails: `query JobDetails($id: ID!) { jobDetails: job(id: $id) { ${JOB_DETAILS} } }`,
  jobOutput: `query JobOutput($id: ID!) { jobOutput: job(id: $id) { output } }`,
  jobProgress: `query JobProgress($id: ID!) { jobProgress: job(id: $id) { rolledUpProgress { ${JOB_PROGRESS} } } }`,
  jobCost: `query JobCost($id: ID!) { jobCost: job(id: $id) { rolledUpCost { ${JOB_COST} } } }`,
  jobReport: `query JobReport($id: ID!, $first: Int) { jobReport: job(id: $id) { ${JOB_STATE} report(first: $first) { ${JOB_REPORT} } } }`,
  jobs: `query Jobs($filter: JobFilter, $order: JobOrder, $first: Int, $after: String, $count: Boolean = false) { jobs(filter: $filter, order: $order, first: $first, after: $after) { nodes { ${JOB_STATE} } ${PAGE} } }`,
  task: `query Task($id: ID!) { task(id: $id) { ${TASK_DETAILS} } }`,
  tasks: `query Tasks($filter: TaskFilter!, $order: TaskOrder, $first: Int, $after: String, $count: Boolean = false) { tasks(filter: $filter, order: $order, first: $first, after: $after) { nodes { ${TASK_STATE} } ${PAGE} } }`,
  taskHistory: `query TaskHistory($id: ID!, $first: Int) { taskHistory: task(id: $id) { history(first: $first) { ${JOB_EVENT} } } }`,
  events: `query Events($jobId: ID!, $afterSeq: Int, $first: Int) { events(jobId: $jobId, afterSeq: $afterSeq, first: $first) { ${JOB_EVENT} } }`,
  jobGraph: `query JobGraph($jobId: ID!, $format: GraphFormat!, $detail: GraphDetail! = SIMPLE, $taskId: ID, $depth: Int) { jobGraph(jobId: $jobId, format: $format, detail: $detail, taskId: $taskId, depth: $depth) }`,
  humanRequest: `query HumanRequest($id: ID!) { humanRequest(id: $id) { ${HUMAN_REQUEST} } }`,
  humanRequests: `query HumanRequests($jobId: ID, $open: Boolean, $assignee: String, $first: Int) { humanRequests(jobId: $jobId, open: $open, assignee: $assignee, first: $first) { ${HUMAN_REQUEST} } }`,
  agent: `query Agent($name: String!) { agent(name: $name) { ${AGENT} } }`,
  agents: `query Agents($capability: String) { agents(capability: $capability) { ${AGENT} } }`,
  agentsAccepting: `query AgentsAccepting($input: JSON!) { agentsAccepting(input: $input) { ${AGENT} } }`,
  workflow: `query Workflow($name: String!) { workflow(name: $name) { ${WORKFLOW} } }`,
  metrics: `query Metrics { metrics { ${METRICS} } }`,
  alerts: `query Alerts($active: Boolean, $first: Int) { alerts(active: $active, first: $first) { ${ALERT} } }`,
  overview: `query Overview { overview { ${OVERVIEW} } }`,
  workflows: `query Workflows { workflows { ${WORKFLOW} } }`,

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────
  startWorkflow: `mutation StartWorkflow($name: String!, $input: JSON!, $options: JobOptionsInput) { startWorkflow(name: $name, input: $input, options: $options) { ${JOB_STATE} } }`,
  submitJob: `mutation SubmitJob($job: SubmitJobInput!) { submitJob(job: $job) { ${JOB_STATE} } }`,
  confirmJob: onJob('confirmJob'),
  cancelJob: onJob('cancelJob'),
  pauseJob: onJob('pauseJob'),
  resumeJob: onJob('resumeJob'),
  retryJob: `mutation RetryJob($id: ID!, $tasks: [ID!], $reason: String) { retryJob(id: $id, tasks: $tasks, reason: $reason) { ${JOB_STATE} } }`,
  addTasks: `mutation AddTasks($jobId: ID!, $tasks: [TaskInput!]!, $reason: String) { addTasks(jobId: $jobId, tasks: $tasks, reason: $reason) { ${TASK_STATE} } }`,

  // ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────
  addDependency: `mutation AddDependency($taskId: ID!, $dependsOn: ID!, $mode: DependencyMode, $reason: String) { addDependency(taskId: $taskId, dependsOn: $dependsOn, mode: $mode, reason: $reason) { ${TASK_STATE} } }`,
  retryTask: onTask('retryTask'),
  skipTask: onTask('skipTask'),
  cancelTask: onTask('cancelTask'),
  pauseTask: onTask('pauseTask'),
  resumeTask: `mutation ResumeTask($id: ID!, $as: ResumeAs, $output: JSON, $reason: String) { resumeTask(id: $id, as: $as, output: $output, reason: $reason) { ${TASK_STATE} } }`,
  acceptTask: onTask('acceptTask'),
  rejectTask: `mutation RejectTask($id: ID!, $reason: String!) { rejectTask(id: $id, reason: $reason) { ${TASK_STATE} } }`,

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────────
  answerHumanRequest: `mutation AnswerHumanRequest($id: ID!, $answer: JSON!, $requestHash: String, $reason: String) { answerHumanRequest(id: $id, answer: $answer, requestHash: $requestHash, reason: $reason) { ${HUMAN_REQUEST} } }`,

  // ── schedules ───────────────────────────────────────────────────────────────────────────────────────────────
  schedule: `query Schedule($id: ID!) { schedule(id: $id) { ${SCHEDULE} } }`,
  schedules: `query Schedules { schedules { ${SCHEDULE} } }`,
  createSchedule: `mutation CreateSchedule($input: ScheduleInput!) { createSchedule(input: $input) { ${SCHEDULE} } }`,
  pauseSchedule: `mutation PauseSchedule($id: ID!) { pauseSchedule(id: $id) { ${SCHEDULE} } }`,
  resumeSchedule: `mutation ResumeSchedule($id: ID!) { resumeSchedule(id: $id) { ${SCHEDULE} } }`,
  deleteSchedule: `mutation DeleteSchedule($id: ID!) { deleteSchedule(id: $id) }`,

  // ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────────────
  acknowledgeAlert: `mutation AcknowledgeAlert($id: ID!) { acknowledgeAlert(id: $id) { ${ALERT} } }`,

  // ── streams ─────────────────────────────────────────────────────────────────────────────────────────────────
  jobEvents: `subscription JobEvents($jobId: ID!, $afterSeq: Int, $types: [EventType!], $taskId: ID, $subtree: Boolean) { jobEvents(jobId: $jobId, afterSeq: $afterSeq, types: $types, taskId: $taskId, subtree: $subtree) { ${JOB_EVENT} } }`,
  jobUpdated: `subscription JobUpdated($jobId: ID) { jobUpdated(jobId: $jobId) { ${JOB_STATE} } }`,
  taskUpdated: `subscription TaskUpdated($jobId: ID!, $taskId: ID, $subtree: Boolean) { taskUpdated(jobId: $jobId, taskId: $taskId, subtree: $subtree) { ${TASK_STATE} } }`,
  alertRaised: `subscription AlertRaised { alertRaised { ${ALERT} } }`,
  overviewUpdated: `subscription OverviewUpdated { overviewUpdated: overview { ${OVERVIEW} } }`,
  humanRequested: `subscription HumanRequested($jobId: ID) { humanRequested(jobId: $jobId) { ${HUMAN_REQUEST} } }`,
} as const;

export type OperationName = keyof typeof DOCUMENTS;

function onJob(field: string): string {
  return `mutation ($id: ID!, $reason: String) { ${field}(id: $id, reason: $reason) { ${JOB_STATE} } }`;
}

function onTask(field: string): string {
  return `mutation ($id: ID!, $reason: String) { ${field}(id: $id, reason: $reason) { ${TASK_STATE} } }`;
}
