/* Random definitions, rows and events, for everything that writes them down and reads them back. */
import * as fc from 'fast-check';

import type { StoredError } from '../../errors/serialize-error.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import { byteLength } from '../../kernel/json.js';
import { ROUTED_BY } from '../../model/agent-choice.js';
import { EVENT_TYPES, type EventType, type JobEvent, type JsonText } from '../../model/event.js';
import { REQUEST_KINDS, TIMEOUT_ACTIONS, type NewRequest } from '../../model/human-request.js';
import {
  ATTEMPT_REASONS,
  DEPENDENCY_MODES,
  DURABILITIES,
  FAILURE_STRATEGIES,
  STATUS_REASONS,
  TASK_ORIGINS,
  TASK_STATUSES,
  TASK_TYPES,
  type TaskCause,
  type TaskSpec,
} from '../../model/task.js';
import type { TaskRow } from '../../ports/store.js';

/** Texts as people, languages and attackers write them. */
export const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '\udc00x',
    '\u2028',
    "'; DROP TABLE x; --",
    '%_\\',
    '漢字🙂',
    '"',
    '\\',
    'null',
  ),
);
/** Texts that stand in columns of their own, which hold whole characters. */
const wholeTexts = texts.map((text) => text.toWellFormed());
export const jsons = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
export const jsonObjects: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.string(), jsons, { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const pointers = fc
  .array(fc.string(), { maxLength: 3 })
  .map((parts) => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
const times = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4_102_444_800_000 }));
const numbers = fc.uniqueArray(fc.nat(5_000), { maxLength: 30 }).map((list) => list.sort((a, b) => a - b));

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary);
/** Leaves out what is undefined, as a literal would. */
const tidy = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;

const retries = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 1_000 }),
  kind: fc.constantFrom('none', 'fixed', 'linear', 'exponential'),
  delayMs: fc.nat(),
  maxDelayMs: fc.nat(),
  factor: fc.constantFrom(1, 1.5, 2, 100),
  jitter: fc.constantFrom(0, 0.2, 1),
});
const overrides = fc.record({ retry: retries, timeoutMs: fc.nat() }, { requiredKeys: [] }).map(tidy);
const refs = fc.array(
  fc.record({ at: pointers, task: fc.nat(99), path: pointers, or: jsons }, { requiredKeys: ['at', 'task', 'path'] }).map(tidy),
  { maxLength: 3 },
);
const inputs = fc.record({ value: jsons, refs });
const routes = fc.record({ wanted: wholeTexts, by: fc.constantFrom(...ROUTED_BY) });
const maps = fc
  .record(
    {
      agent: texts,
      input: inputs,
      items: fc.array(fc.record({ at: pointers, path: pointers }), { maxLength: 2 }),
      batch: fc.integer({ min: 1, max: 1_000 }),
      name: texts,
      overrides,
      routed: routes,
    },
    { requiredKeys: ['agent', 'input', 'items'] },
  )
  .map(tidy);
const conditions = fc.record({ task: fc.nat(99), path: pointers, or: jsons }, { requiredKeys: ['task', 'path'] }).map(tidy);

/** A definition with anything in any field. */
export const specs: fc.Arbitrary<TaskSpec> = fc.record({
  no: fc.nat(99_999),
  key: wholeTexts,
  type: fc.constantFrom(...TASK_TYPES),
  parent: optional(fc.nat(99_999)),
  agent: optional(wholeTexts),
  routed: routes,
  name: wholeTexts,
  description: optional(texts),
  kind: optional(wholeTexts),
  assignee: optional(wholeTexts),
  acceptanceCriteria: optional(texts),
  priority: fc.integer({ min: 1, max: 10 }),
  strategy: fc.constantFrom(...FAILURE_STRATEGIES),
  dependencies: fc.array(fc.record({ on: fc.nat(99_999), mode: fc.constantFrom(...DEPENDENCY_MODES) }), { maxLength: 4 }),
  input: inputs,
  condition: optional(conditions),
  map: optional(maps),
  overrides: optional(overrides),
  weight: fc.oneof(fc.nat(1_000_000), fc.constantFrom(0.1, 0.5)),
  durability: fc.constantFrom(...DURABILITIES),
  deadline: optional(times),
  runAt: optional(times),
  review: optional(
    fc.oneof(
      fc.record({ by: fc.constantFrom('manual' as const, 'predicate' as const), maxRejections: fc.nat(9) }),
      fc.record({ by: fc.constant('agent' as const), agent: wholeTexts, maxRejections: fc.nat(9) }),
    ),
  ),
  recovery: optional(
    fc.oneof(
      jsons.map((value) => ({ kind: 'use-value' as const, value })),
      fc.nat(99_999).map((task) => ({ kind: 'route-to' as const, task })),
    ),
  ),
  resources: optional(fc.dictionary(fc.constantFrom('cpu', 'memoryMb', 'tokens'), fc.integer({ min: 1, max: 1_000 }))),
  metadata: optional(jsonObjects),
  origin: fc.constantFrom(...TASK_ORIGINS),
  originKey: optional(texts),
});

/** A row with anything in any field. */
export const rows: fc.Arbitrary<Omit<TaskRow, 'no'>> = fc.record({
  status: fc.constantFrom(...TASK_STATUSES),
  reason: optional(fc.constantFrom(...STATUS_REASONS)),
  causedBy: fc.integer({ min: -1, max: 99_999 }),
  generation: fc.integer({ min: 1, max: 999 }),
  attempt: fc.nat(1_000),
  fence: fc.nat(1_000_000),
  strikes: fc.nat(9),
  rounds: fc.nat(999),
  availableAt: times,
  startedAt: times,
  finishedAt: times,
  output: fc.oneof(
    fc.constant({ kind: 'none' as const }),
    fc.constant({ kind: 'children' as const }),
    fc.integer({ min: 1, max: 999_999 }).map((seq) => ({ kind: 'event' as const, seq })),
    fc.nat(99_999).map((no) => ({ kind: 'task' as const, no })),
  ),
  noteSeq: fc.nat(999_999),
  progress: fc.integer({ min: 0, max: 100 }),
  nextReason: fc.constantFrom(...ATTEMPT_REASONS),
  readyAt: times,
  conditionFalse: fc.boolean(),
  rejections: fc.nat(9),
  feedbackSeq: fc.nat(999_999),
  held: fc.boolean(),
});

// ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────

const errors: fc.Arbitrary<StoredError> = fc
  .record(
    {
      code: fc.constantFrom('AGENT_FAILED' as const, 'TASK_TIMEOUT' as const),
      message: texts,
      name: texts,
      details: jsonObjects as fc.Arbitrary<{ [key: string]: Json }>,
      causes: fc.array(texts, { maxLength: 2 }),
    },
    { requiredKeys: ['code', 'message'] },
  )
  .map(tidy);
const causes: fc.Arbitrary<TaskCause> = fc
  .record({ reason: fc.constantFrom(...STATUS_REASONS), by: fc.nat(99), message: texts, error: errors }, { requiredKeys: ['reason'] })
  .map(tidy);
const jsonTexts: fc.Arbitrary<JsonText> = jsons.map((value) => {
  const json = JSON.stringify(value);
  return { json, bytes: byteLength(json) };
});
const base = { at: times, actor: fc.constantFrom('engine', 'agent', 'user', 'user:Ada Lovelace' as const) };
const ofTask = { ...base, task: fc.nat(999) };
const attempt = fc.integer({ min: 1, max: 99 });

type Fields<Type extends EventType> = {
  readonly [Key in keyof Omit<Extract<JobEvent, { type: Type }>, 'type'>]: fc.Arbitrary<Extract<JobEvent, { type: Type }>[Key]>;
};

const asks: fc.Arbitrary<NewRequest> = fc.record({
  kind: fc.constantFrom(...REQUEST_KINDS),
  assignee: optional(wholeTexts),
  name: texts,
  question: texts,
  about: optional(jsonObjects),
  schema: optional(jsonObjects),
  deadline: optional(times),
  onTimeout: fc.constantFrom(...TIMEOUT_ACTIONS),
  hash: texts,
});

const FIELDS: { readonly [Type in EventType]: Fields<Type> } = {
  JOB_SUBMITTED: {
    ...base,
    name: texts,
    workflow: optional(texts),
    waitsFor: fc.constantFrom('confirmation' as const, 'start-time' as const, null),
  },
  JOB_CONFIRMED: { ...base, waitsFor: fc.constantFrom('start-time' as const, null), reason: texts },
  JOB_STARTED: { ...base },
  JOB_RECOVERED: { ...base, found: fc.nat(99), requeued: fc.nat(99), parked: fc.nat(99), failed: fc.nat(99) },
  TASK_RETURNED: {
    ...ofTask,
    attempt,
    output: fc.oneof(jsonTexts, fc.constant(null)),
    summary: optional(texts),
    falseConditions: numbers,
    reason: fc.constantFrom('WAITING_CHILDREN' as const, 'WAITING_REVIEW' as const),
  },
  TASK_REVIEW_REQUESTED: { ...ofTask },
  TASK_ACCEPTED: { ...ofTask, message: optional(texts) },
  TASK_REJECTED: { ...ofTask, message: texts, final: fc.boolean(), rejections: fc.nat(9), superseded: numbers },
  TASK_REROUTED: { ...ofTask, attempt, error: errors, timedOut: fc.boolean(), to: fc.nat(99) },
  TASK_OVERDUE: { ...ofTask, attempt, error: errors },
  TASK_STREAMED: { ...ofTask, text: texts },
  DEPENDENCY_ADDED: { ...ofTask, on: fc.nat(99), mode: fc.constantFrom(...DEPENDENCY_MODES), reason: texts },
  HUMAN_REQUESTED: { ...ofTask, request: fc.integer({ min: 1, max: 99 }), ask: asks },
  HUMAN_ANSWERED: {
    ...ofTask,
    request: fc.integer({ min: 1, max: 99 }),
    name: texts,
    answer: jsonTexts,
    generation: attempt,
    reason: texts,
  },
  HUMAN_EXPIRED: {
    ...ofTask,
    request: fc.integer({ min: 1, max: 99 }),
    name: texts,
    action: fc.constantFrom(...TIMEOUT_ACTIONS),
    generation: attempt,
  },
  HUMAN_WITHDRAWN: { ...base, requests: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }) },
  HOLD_PLACED: { ...ofTask, reason: optional(texts) },
  HOLD_LIFTED: { ...ofTask, reason: texts },
  TASKS_REOPENED: { ...base, tasks: numbers, superseded: numbers, reason: optional(texts) },
  TASKS_ADDED: { ...base, from: fc.constant(0), count: fc.constant(0), by: optional(fc.nat(99)), specs: fc.constant([]), reason: texts },
  TASK_STARTED: { ...ofTask, attempt, fence: fc.nat(99) },
  TASK_PROGRESSED: { ...ofTask, percent: fc.integer({ min: 0, max: 100 }), message: optional(texts) },
  TASK_STEP_RECORDED: {
    ...ofTask,
    kind: fc.constantFrom('step' as const, 'sleep' as const),
    name: texts,
    value: jsonTexts,
    generation: attempt,
  },
  TASK_SUSPENDED: {
    ...ofTask,
    fence: fc.nat(99),
    reason: fc.constantFrom('WAITING_DEPENDENCIES', 'WAITING_CHILDREN'),
    waitFor: numbers,
    until: times,
  },
  TASK_RETRY_SCHEDULED: { ...ofTask, attempt, error: errors, timedOut: fc.boolean(), availableAt: times },
  TASK_ABANDONED: { ...ofTask, attempt, strikes: fc.nat(9) },
  TASK_COMPLETED: {
    ...ofTask,
    attempt,
    output: fc.oneof(jsonTexts, fc.constant('children' as const), fc.constant(null)),
    summary: optional(texts),
    falseConditions: numbers,
    cachedFrom: wholeTexts,
    reason: texts,
  },
  TASK_FAILED: { ...ofTask, attempt, error: errors, timedOut: fc.boolean() },
  TASK_SKIPPED: { ...ofTask, cause: causes },
  TASK_PARKED: { ...ofTask, cause: causes },
  TASKS_RELEASED: { ...base, tasks: numbers, reason: texts },
  TASKS_FAILED: { ...base, tasks: numbers, cause: causes },
  TASKS_SKIPPED: { ...base, tasks: numbers, cause: causes },
  TASKS_CANCELLED: { ...base, tasks: numbers, cause: causes },
  JOB_COMPLETED: { ...base, success: fc.boolean() },
  JOB_FAILED: { ...base, error: errors, task: optional(fc.nat(99)) },
  JOB_CANCELLED: { ...base, reason: optional(texts) },
  JOB_REOPENED: { ...base, tasks: numbers, superseded: numbers, reason: optional(texts) },
};

/** What attempts have spent, as events about them tell it. */
const spendings = fc.array(
  fc.record({
    task: fc.nat(99),
    cost: fc.dictionary(
      fc.constantFrom('tokens', 'usd', 'toString', 'cost', 'a.b:c-d_9'),
      fc.double({ min: 1e-9, max: 1e15, noNaN: true, noDefaultInfinity: true }),
      { minKeys: 1, noNullPrototype: true },
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Any event of one type. */
export function eventsOf<Type extends EventType>(type: Type): fc.Arbitrary<Extract<JobEvent, { type: Type }>> {
  return fc
    .tuple(fc.record(FIELDS[type] as { [key: string]: fc.Arbitrary<unknown> }), fc.option(spendings, { freq: 3 }))
    .map(([fields, spent]) => ({ type, ...fields, ...(spent && { spent }) }) as unknown as Extract<JobEvent, { type: Type }>);
}

export const events: fc.Arbitrary<JobEvent> = fc.oneof(...EVENT_TYPES.map((type) => eventsOf(type) as fc.Arbitrary<JobEvent>));
