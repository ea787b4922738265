/** What kind of trouble a code belongs to; a caller can act on it without knowing the code. */
export type ErrorCategory = 'definition' | 'input' | 'graph' | 'state' | 'agent' | 'store' | 'limit' | 'internal';

interface ErrorCodeEntry {
  readonly category: ErrorCategory;
  /** What happened, as a sentence without names or values. */
  readonly title: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

/**
 * Every error the framework raises, in one place. `TaskloomError.code` and GraphQL's `extensions.code` are keys of
 * this table; docs/errors.md is generated from it.
 */
export const ERROR_CODES = {
  // What developers declare
  CONFIG_INVALID: {
    category: 'definition',
    title: 'An option is unknown or out of range.',
    remedy: 'Correct the options named in the message; docs/configuration.md lists them all.',
  },
  DECORATOR_MISUSE: {
    category: 'definition',
    title: 'A decorator stands where it cannot work.',
    remedy: 'Put it on a class whose method it needs, as the message says, and import "reflect-metadata" once at start.',
  },
  DUPLICATE_AGENT: {
    category: 'definition',
    title: 'Two agents have the same name.',
    remedy: 'Rename one of them, or register it only once.',
  },
  DUPLICATE_WORKFLOW: {
    category: 'definition',
    title: 'Two workflows have the same name.',
    remedy: 'Rename one of them, or register it only once.',
  },
  NAME_INVALID: {
    category: 'definition',
    title: 'A name breaks the rule for names.',
    remedy: 'Use 1 to 200 of the characters A-Z a-z 0-9 . _ : - and no prototype name.',
  },
  SCHEMA_MISSING: {
    category: 'definition',
    title: 'An agent or workflow has no schema at run time.',
    remedy: 'Give `input` and `output` schemas, or run the generator and register its manifest.',
  },
  SCHEMA_NOT_JSON: {
    category: 'definition',
    title: 'A schema describes values that JSON cannot hold.',
    remedy: 'Use a JSON type in the schema (for example an ISO string instead of a Date) and convert inside the agent.',
  },
  SCHEMA_UNSAFE: {
    category: 'definition',
    title: 'A JSON Schema cannot be used safely: to be given to others, or to check what people send.',
    remedy: 'Correct the place that the message names; `details.rule` says which rule it breaks.',
  },
  REF_USED_AS_VALUE: {
    category: 'definition',
    title: 'A ref to a future output was used as if it were the value.',
    remedy: 'Pass the ref on as an input; compute with the value inside an agent, where it exists.',
  },

  DUPLICATE_TOPIC: {
    category: 'definition',
    title: 'Two topics have the same name.',
    remedy: 'Rename one of them, or define it once and import it where it is published and subscribed.',
  },
  PLUGIN_INCOMPATIBLE: {
    category: 'definition',
    title: 'What was given as a plugin is none, was made for another version, or has the name of another one.',
    remedy: 'Pass what `definePlugin` of this version returns, each plugin once.',
  },
  PROTOTYPE_CHANGED: {
    category: 'definition',
    title: 'Code of the application changed a prototype of the language.',
    remedy: 'Find who changes what the message names, and keep such helpers in functions of their own.',
  },
  PLUGIN_CYCLE: {
    category: 'definition',
    title: 'Plugins want to run after each other in a circle.',
    remedy: 'Remove one of the names in `after` of the plugins that the message lists.',
  },
  // What callers send
  UNKNOWN_AGENT: {
    category: 'input',
    title: 'No agent has that name.',
    remedy: 'Register the agent, or use one of the names in the message.',
  },
  UNKNOWN_WORKFLOW: {
    category: 'input',
    title: 'No workflow has that name.',
    remedy: 'Register the workflow, or use one of the names in the message.',
  },
  INPUT_SCHEMA: {
    category: 'input',
    title: 'An input does not fit its schema.',
    remedy: 'Correct the places named by JSON Pointer in `details.issues`.',
  },
  INPUT_NOT_JSON: {
    category: 'input',
    title: 'An input is not JSON.',
    remedy: 'Send plain data: objects, arrays, strings, finite numbers, booleans and null, at most 200 levels deep.',
  },
  INPUT_TOO_LARGE: {
    category: 'limit',
    title: 'An input is larger than the limit.',
    remedy: 'Pass a reference (a path, a URL, a key) instead of the data, or raise `limits.inputBytes`.',
  },
  OPTIONS_INVALID: {
    category: 'input',
    title: 'An option of a job is unknown or out of range.',
    remedy: 'Correct the options named in the message.',
  },
  ENTRY_INVALID: {
    category: 'input',
    title: 'A key, version or lifetime of the cache or of shared state is wrong.',
    remedy: 'Use keys of 1 to 500 characters without control characters, versions that were read, and lifetimes above 0.',
  },
  ID_INVALID: {
    category: 'input',
    title: 'An id breaks the rule for ids.',
    remedy: 'Use 1 to 200 of the characters A-Z a-z 0-9 . _ : - and no prototype name.',
  },
  CURSOR_INVALID: {
    category: 'input',
    title: 'A cursor was not issued by this query.',
    remedy: 'Use `pageInfo.endCursor` of the page before, or leave `after` out.',
  },
  CURSOR_EXPIRED: {
    category: 'input',
    title: 'The job ended long ago and was deleted with its events.',
    remedy: 'Nothing can be read of it any more; finished jobs are kept for a limited time.',
  },
  PAGE_SIZE: { category: 'input', title: 'A page size is out of range.', remedy: 'Ask for 1 to 100 items.' },
  IDEMPOTENCY_CONFLICT: {
    category: 'input',
    title: 'The idempotency key was used with another body.',
    remedy: 'Use a new key for a new job; `details.jobId` names the first one.',
  },
  NOT_FOUND: {
    category: 'input',
    title: 'There is nothing with that id.',
    remedy: 'Check the id.',
  },

  SCHEDULE_INVALID: {
    category: 'input',
    title: 'A schedule says no times, times that never come, or something unknown.',
    remedy: 'Give it `every` or `cron` as the message says, and a time zone by its IANA name, for example `Europe/Berlin`.',
  },
  // What is wrong in a graph
  GRAPH_INVALID: {
    category: 'graph',
    title: 'The graph has several problems.',
    remedy: 'Correct each entry of `details.problems`; nothing was stored.',
  },
  GRAPH_CYCLE: { category: 'graph', title: 'Tasks wait for each other in a circle.', remedy: 'Remove one dependency of the circle shown.' },
  GRAPH_LIMIT: {
    category: 'limit',
    title: 'The graph is larger than the limit.',
    remedy: 'Split the job, or raise the limit that the message is about: `limits.tasksPerJob`, `limits.edgesPerJob` or `limits.depth`.',
  },
  UNKNOWN_LIMIT: {
    category: 'definition',
    title: 'A task or an agent names a limit or a pool that the engine does not have.',
    remedy: 'Add it to `namedLimits` or `pools` of the engine, or use one that is there.',
  },
  RESOURCES_EXCEEDED: {
    category: 'limit',
    title: 'A task needs more of a pool than the pool has in all.',
    remedy: 'Ask for less, or give the pool a greater capacity in `pools`.',
  },
  DUPLICATE_TASK: { category: 'graph', title: 'Two tasks have the same key.', remedy: 'Give each task of a job a key of its own.' },
  UNKNOWN_DEPENDENCY: {
    category: 'graph',
    title: 'A task depends on a task that is not in the job.',
    remedy: 'Correct the key, or add the missing task.',
  },
  UNKNOWN_PARENT: {
    category: 'graph',
    title: 'A task names a parent that is not in the job.',
    remedy: 'Correct the key, or add the missing parent.',
  },
  ILLEGAL_PARENT: {
    category: 'graph',
    title: 'A task may not stand under that parent.',
    remedy: 'Keep the order objective, story, task, subtask; levels may be left out and subtasks may nest.',
  },
  MISSING_INPUT: {
    category: 'graph',
    title: 'An input has no value because its source may end without one.',
    remedy: 'Make the property optional in the schema or give the ref a fallback with `.or(value)`.',
  },
  AGENT_NOT_ALLOWED: {
    category: 'graph',
    title: 'The job does not allow that agent.',
    remedy: 'Add the agent to `allowedAgents`, or use one that is listed.',
  },

  // What the state does not permit
  ILLEGAL_MOVE: {
    category: 'state',
    title: 'The task or job cannot make that move from where it stands.',
    remedy: 'Read its status first; docs/state-machine.md lists the legal moves.',
  },
  JOB_ALREADY_TERMINAL: { category: 'state', title: 'The job has ended.', remedy: 'Use retryJob to reopen it, or start a new job.' },
  JOB_CLOSED: { category: 'state', title: 'The job takes no more tasks.', remedy: 'Add tasks while the job runs, or start a new job.' },
  JOB_CANCELLED: { category: 'state', title: 'The job was cancelled.', remedy: 'Start it again, or use retryJob.' },
  JOB_FAILED: {
    category: 'state',
    title: 'The job failed.',
    remedy: 'Read `error` of the failed task; retryJob runs what failed again and keeps the rest.',
  },
  JOB_TIMEOUT: {
    category: 'state',
    title: 'The job had not ended by its deadline.',
    remedy: 'Give it more time (`deadline`, `timeLimit`) and use retryJob: what is done is kept.',
  },
  DEADLINE_EXCEEDED: {
    category: 'state',
    title: 'The task had not ended by its deadline.',
    remedy: 'Give it a later `deadline`, a higher priority, or more parallel places; then retry it.',
  },
  TASK_REJECTED: {
    category: 'state',
    title: 'The reviews rejected the task as often as its policy permits.',
    remedy: 'Read the feedback in its history; retry the task, or raise `maxRejections`.',
  },
  FAILED_BY_PERSON: {
    category: 'state',
    title: 'A person decided that the task failed.',
    remedy: 'Read who and why in the event; retry the task.',
  },
  REQUEST_CLOSED: {
    category: 'state',
    title: 'The question was answered, has expired or is not needed any more.',
    remedy: 'Read the request again: `status` and `answer` tell what became of it.',
  },
  REQUEST_CHANGED: {
    category: 'state',
    title: 'The answer is to a question that reads otherwise by now.',
    remedy: 'Read the request again and answer with its current `hash`.',
  },
  HUMAN_TIMEOUT: {
    category: 'state',
    title: 'Nobody answered in time.',
    remedy: 'Ask with a later deadline, or with `onTimeout: "decide"` to go on without an answer.',
  },
  CASCADE_ABORTED: {
    category: 'state',
    title: 'Too many tasks that depend on each other failed one after the other.',
    remedy: 'Mend the first one of the chain, then retryJob; `guards.cascadeAfter` says how many are too many.',
  },
  JOB_DEADLOCK: {
    category: 'state',
    title: 'Nothing in the job could ever move again.',
    remedy: "This is a defect of the engine: please report it with the job's events.",
  },
  LEASE_LOST: {
    category: 'state',
    title: 'The attempt is no longer the current one, so its word was not taken.',
    remedy: 'Nothing: another attempt has taken over, or the task has ended.',
  },
  ENGINE_STOPPED: {
    category: 'state',
    title: 'The engine is stopping or has stopped.',
    remedy: 'Try again when it runs; work that was accepted continues at the next start.',
  },

  RUNS_NO_TASKS: {
    category: 'state',
    title: 'This engine runs no tasks, and does not know what only the engine that runs them knows.',
    remedy: 'Ask the engine that runs the tasks for its metrics and limits; jobs, tasks, events and alerts can be read from any engine.',
  },
  PLUGIN_VETO: {
    category: 'state',
    title: 'A plugin refused the request.',
    remedy: "Read its reason in the message; the rule is the application's own.",
  },
  PLUGIN_FAILED: {
    category: 'state',
    title: 'A hook of a required plugin failed, gave garbage, or took too long.',
    remedy: 'Mend the plugin named in the message, or let it be no longer `required`.',
  },
  SCHEDULE_EXISTS: {
    category: 'state',
    title: 'There is a schedule with this id already.',
    remedy: 'Take another id, or delete the one that is there.',
  },
  // What agents do
  AGENT_FAILED: {
    category: 'agent',
    title: 'The agent threw an error.',
    remedy: 'Read the error and its stack in the log; give the agent a retry policy if it may pass next time.',
  },
  AGENT_UNAVAILABLE: {
    category: 'agent',
    title: "The agent's code is not registered in this process.",
    remedy: 'Deploy the agent; the task starts when it registers.',
  },
  TASK_TIMEOUT: {
    category: 'agent',
    title: 'The attempt ran longer than its timeout.',
    remedy: "Raise the agent's `timeout`, or make it stop at `ctx.signal`.",
  },
  TASK_IDLE: {
    category: 'agent',
    title: 'The attempt gave no sign of life for longer than its idle timeout.',
    remedy: 'Call ctx.heartbeat() or ctx.progress() more often, or raise `idleTimeout`.',
  },
  TASK_CANCELLED: { category: 'agent', title: 'The attempt was cancelled.', remedy: 'Nothing: the job or task was cancelled.' },
  PROCESS_DIED: {
    category: 'agent',
    title: 'The process died while the attempt ran.',
    remedy: 'Nothing if it was stopped on purpose; else look for what killed the process.',
  },
  OUTPUT_SCHEMA: {
    category: 'agent',
    title: "The agent's output does not fit its schema.",
    remedy: 'Correct what the agent returns at the places named in `details.issues`.',
  },
  OUTPUT_NOT_JSON: {
    category: 'agent',
    title: "The agent's output is not JSON.",
    remedy: 'Return plain data: objects, arrays, strings, finite numbers, booleans and null.',
  },
  OUTPUT_TOO_LARGE: {
    category: 'limit',
    title: "The agent's output is larger than the limit.",
    remedy: 'Write the data to a file and return its path, or raise `limits.outputBytes`.',
  },
  DEPENDENCY_FAILED: {
    category: 'agent',
    title: 'A task that the agent asked for did not complete.',
    remedy: "Catch DependencyFailedError around ctx.need, or read the failed task's error.",
  },
  STEP_NAME_REUSED: {
    category: 'agent',
    title: 'Two steps of one attempt have the same name.',
    remedy: 'Give each ctx.step of an agent a name of its own (add the loop index, for example).',
  },
  NEED_UNSTABLE: {
    category: 'agent',
    title: 'The agent asked for new tasks in every round and never used an earlier answer.',
    remedy: 'Make the input of ctx.need the same at each run, or pass an explicit `key`.',
  },
  ATTEMPT_ENDED: {
    category: 'agent',
    title: 'The context was used after its attempt had ended.',
    remedy: 'Await everything the agent starts before it returns, and let the suspension of ctx.need pass.',
  },
  CHILD_FAILED: { category: 'agent', title: 'A task below this one failed.', remedy: 'Read the error of the task named in the message.' },
  TOPIC_UNDECLARED: {
    category: 'agent',
    title: 'An agent published on a topic that it does not declare.',
    remedy: "Add the topic to the agent's `publishes`, or use one that is listed there.",
  },
  AGENT_FACTORY_FAILED: {
    category: 'agent',
    title: 'The instance that was to run a task could not be made.',
    remedy: "Mend the agent's `create`; it must give an object with a method `execute`.",
  },
  BATCH_RESULT_INVALID: {
    category: 'agent',
    title: 'A batch did not come to one settled result for each input.',
    remedy: 'Return a list with one result for each input, in their order, as `Promise.allSettled` gives it.',
  },
  DYNAMIC_LIMIT: {
    category: 'limit',
    title: 'An agent added more tasks than the limit.',
    remedy: 'Add fewer tasks, or raise `limits.dynamicTasks…`.',
  },

  TASK_FORBIDDEN: {
    category: 'agent',
    title: 'A guard of the application did not let the attempt run.',
    remedy:
      "Let the guard return true for this task (`context.getType() === 'task'`), or start the job with the context that the guard asks for.",
  },
  EGRESS_BLOCKED: {
    category: 'agent',
    title: 'The address of a remote agent is one that may not be called.',
    remedy:
      'Use a public https address; `allowHttp`, `allowedPorts` and `allowPrivateNetwork` of that agent permit what its network needs.',
  },
  HEADER_INVALID: {
    category: 'agent',
    title: 'A header for a remote agent is too long, or has characters that a header cannot have.',
    remedy: 'Give it one line of visible ASCII characters, at most 8 KiB.',
  },
  AGENT_UNREACHABLE: {
    category: 'agent',
    title: 'A remote agent could not be reached, or the connection broke before it had answered.',
    remedy: 'Check that it runs, its name, its certificate and the network; give the agent a retry policy.',
  },
  AGENT_TIMEOUT: {
    category: 'agent',
    title: 'A remote agent did not answer in time.',
    remedy: "Let it answer 202 and call back, or raise the agent's `requestTimeout`.",
  },
  AGENT_REFUSED: {
    category: 'agent',
    title: 'A remote agent refused the request.',
    remedy: 'Read the status in the message: compare secrets and clocks for 401, the address for 404, the schemas for 400 and 422.',
  },
  AGENT_BUSY: {
    category: 'agent',
    title: 'A remote agent cannot work at the moment.',
    remedy: 'Give the agent a retry policy; what it says in `Retry-After` is honoured up to `maxRetryAfter`.',
  },
  AGENT_ANSWER_INVALID: {
    category: 'agent',
    title: 'A remote agent answered something that is no answer by the protocol.',
    remedy: 'Check that the address is that of the agent; docs/guides/remote-agents.md says what it must answer.',
  },
  RESPONSE_TOO_LARGE: {
    category: 'agent',
    title: 'A remote agent answered more than is read.',
    remedy: "Let it return a reference to large data, or raise the agent's `maxResponseBytes`.",
  },
  // The store
  SQLITE_NOT_LOCAL: {
    category: 'store',
    title: 'A SQLite database is on a network file system, where it cannot keep what it promises.',
    remedy: 'Put the file on a local disk, or keep the state in PostgreSQL.',
  },
  SQLITE_SINGLE_PROCESS: {
    category: 'store',
    title: 'A SQLite database belongs to one process.',
    remedy: 'Stop the other process, or give this one a database file of its own; several processes share a PostgreSQL schema.',
  },
  STORE_IN_USE: {
    category: 'store',
    title: 'Another engine works on this database schema.',
    remedy: 'Stop the other engine, wait until its lease has run out, or give this one a `schema` of its own.',
  },
  ENGINE_SUPERSEDED: {
    category: 'store',
    title: 'Another engine has taken over the database.',
    remedy: 'Nothing: the other engine goes on with the work. This one stops; look why it could not renew its lease.',
  },
  STORE_UNAVAILABLE: {
    category: 'store',
    title: 'The store could not be read or written.',
    remedy:
      "Check the disk and the file's permissions, or that the database server runs and lets you in. An engine that runs tries again, and nothing acknowledged is lost; one that could not start has to be started again.",
  },
  STORE_CONFLICT: {
    category: 'store',
    title: 'The job was changed by another writer.',
    remedy: 'Nothing: the engine reloads the job and decides again.',
  },
  SCHEMA_NEWER: {
    category: 'store',
    title: 'The database was written by a newer version.',
    remedy: 'Upgrade this process, or open the database it was made for.',
  },
  DRIVER_MISSING: { category: 'store', title: 'The database driver cannot be loaded.', remedy: 'Install it as the message says.' },

  INTERNAL: {
    category: 'internal',
    title: 'Something went wrong inside the engine.',
    remedy: 'Look in the log under the correlation id, and please report it.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}
