// What a store of one's own is made of: the port, and what it speaks of that the main entry does not know.
export type { Actor, JobEvent, JsonText, MemoKind } from './model/event.js';
export { WHOLE_JOB, type CostRow, type TaskCost } from './model/cost.js';
export type { NewRequest } from './model/human-request.js';
export type { JobSpec } from './model/job.js';
export type {
  Condition,
  Dependency,
  InputTemplate,
  MapHole,
  MapTemplate,
  OutputLocation,
  RefBinding,
  TaskCause,
  TaskOrigin,
  TaskSpec,
} from './model/task.js';
export {
  ABSENT,
  type EntryAddress,
  type EntryBound,
  type KeyValueStore,
  type NewEntry,
  type StoredEntry,
} from './ports/key-value-store.js';
export type { CountFilter, OpenWork } from './ports/reader.js';
export {
  ANNOUNCEMENTS,
  IdempotencyTakenError,
  type Announcement,
  type DeletedJob,
  type DeleteEndedJobs,
  type JobCreation,
  type JobNews,
  type JobRow,
  type JobWrite,
  type SharedStore,
  type Store,
  type StoredDigest,
  type StoredHistory,
  type StoredJob,
  type StoredJobContext,
  type StoredMemo,
  type StoredNeed,
  type StoredRequest,
  type StoredStep,
  type StoreListener,
  type TaskRow,
  type TaskWrite,
} from './ports/store.js';
