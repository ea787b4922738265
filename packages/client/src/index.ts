export type { RetryWait, TaskloomClientOptions } from './client-options.js';
export { ApiResponseError, ConnectionError, type ApiErrorShape } from './errors.js';
export { TaskloomClient } from './taskloom-client.js';
export type {
  Failure,
  JobEvent,
  JobEventsOptions,
  JobState,
  JobStatus,
  Json,
  StartOptions,
  StreamOptions,
  TaskScope,
  TaskState,
} from './types.js';
