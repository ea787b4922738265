export type {
  CallOptions,
  ControlOptions,
  JobEventsOptions,
  JobListOptions,
  Page,
  PageOptions,
  StartOptions,
  StreamOptions,
  TaskListOptions,
  TaskScope,
} from './call-options.js';
export type { RetryWait, TaskloomClientOptions } from './client-options.js';
export { ApiResponseError, ConnectionError, type ApiErrorShape } from './errors.js';
export type { Json, JsonObject } from './json.js';
export type * from './schema.js';
export type { JobDetails, JobReportState, JobState, OverviewState, TaskDetails, TaskState } from './states.js';
export { TaskloomClient } from './taskloom-client.js';
