/** Every table of the store. All carry the prefix, so that they can live beside an application's own. */
export const TABLES = {
  job: 'taskloom_job',
  jobSpec: 'taskloom_job_spec',
  task: 'taskloom_task',
  taskSpec: 'taskloom_task_spec',
  event: 'taskloom_event',
  payload: 'taskloom_payload',
  step: 'taskloom_step',
  request: 'taskloom_human_request',
  idempotency: 'taskloom_idempotency',
  keyValue: 'taskloom_key_value',
  expiredJob: 'taskloom_expired_job',
  taskCost: 'taskloom_task_cost',
  engine: 'taskloom_engine',
  node: 'taskloom_node',
  migrations: 'taskloom_migrations',
} as const;

/** What a payload row belongs to; `n` counts within the kind. Append only. */
export const PAYLOAD_KINDS = {
  /** n = seq of the event */
  event: 0,
  /** n = number of the task */
  input: 1,
  /** n = 0 */
  jobInput: 2,
} as const;

/** JSON texts up to this size stand in the row itself, longer ones in the payload table. Bytes of UTF-8. */
export const INLINE_BYTES = 4_096;
