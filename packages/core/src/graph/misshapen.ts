import type { GraphProblem } from '../errors/graph-error.js';
import { inMessage } from '../kernel/in-message.js';
import { isObject } from '../kernel/is-object.js';
import type { InputSubmission, JobSubmission, TaskSubmission } from '../model/submission.js';
import { show } from './graph-problems.js';

/** A part of a task, or something inside it, that is not of its kind. */
export interface MisshapenPart {
  readonly part: keyof TaskSubmission;
  /** Its place in the task, for example `['map', 'overrides']`. */
  readonly at: readonly string[];
  readonly value: unknown;
  readonly mustBe: string;
}

interface Shape {
  readonly at: readonly string[];
  readonly mustBe: string;
  readonly fits: (value: unknown) => boolean;
}

const TEXT = { mustBe: 'a text', fits: orNone(isText) };
const OVERRIDES = { mustBe: 'an object such as `{ timeoutMs: 5000 }`', fits: orNone(isObject) };
const RETRY = { mustBe: 'an object, a whole retry policy', fits: orNone(isObject) };
const TASK_KEY = { mustBe: 'the key of a task', fits: isText };

/** Without a key nothing could be said of a task, so `key` is looked at apart. What has a range is checked where that is known. */
const SHAPES: readonly Shape[] = [
  { at: ['agent'], mustBe: 'the name of an agent', fits: isText },
  { at: ['parent'], ...TASK_KEY },
  { at: ['routeTo'], ...TASK_KEY },
  { at: ['name'], ...TEXT },
  { at: ['description'], ...TEXT },
  { at: ['kind'], ...TEXT },
  { at: ['acceptanceCriteria'], ...TEXT },
  { at: ['refs'], mustBe: 'a list of `{ at, task }`', fits: orNone(isListOfObjects) },
  { at: ['dependsOn'], mustBe: 'a list of keys, or of `{ task, mode }`', fits: orNone(isListOfWaits) },
  { at: ['when'], mustBe: 'an object, `{ task, path }`', fits: orNone(isObject) },
  {
    at: ['map'],
    mustBe: 'an object, `{ over: { task }, agent, input: { value, refs: […] }, items: [{ at, path }, …] }`',
    fits: orNone(isMap),
  },
  { at: ['map', 'name'], ...TEXT },
  { at: ['map', 'overrides'], ...OVERRIDES },
  { at: ['map', 'overrides', 'retry'], ...RETRY },
  { at: ['overrides'], ...OVERRIDES },
  { at: ['overrides', 'retry'], ...RETRY },
  { at: ['resources'], mustBe: 'an object of amounts by pool, such as `{ memoryMb: 600 }`', fits: orNone(isObject) },
  { at: ['metadata'], mustBe: 'an object', fits: orNone(isObject) },
];
/** By the part that they are of, or inside of. */
const SHAPES_OF: ReadonlyMap<string, readonly Shape[]> = new Map(
  SHAPES.map(({ at: [part] }) => [part!, SHAPES.filter(({ at }) => at[0] === part)]),
);

const NONE: readonly MisshapenPart[] = [];

/** Parts that nothing can be made of. The compiler refuses them; callers that it does not see bring anything. */
export function misshapenParts(task: TaskSubmission): readonly MisshapenPart[] {
  let found = NONE;
  if (!isText(task.key)) found = [{ part: 'key', at: ['key'], value: task.key, mustBe: TEXT.mustBe }];
  Object.keys(task).forEach((part) =>
    SHAPES_OF.get(part)?.forEach(({ at, mustBe, fits }) => {
      const value = valueAt(task, at);
      if (value !== undefined && !fits(value)) found = [...found, { part: part as keyof TaskSubmission, at, value, mustBe }];
    }),
  );
  const wrongKeys = misshapenKeys(task, found);
  return wrongKeys.length === 0 ? found : [...found, ...wrongKeys];
}

/** Inside of parts that are of their kind, keys of other tasks that are no texts. */
function misshapenKeys(task: TaskSubmission, misshapen: readonly MisshapenPart[]): readonly MisshapenPart[] {
  const { dependsOn, refs, when, map } = task;
  if (!dependsOn && !refs && !when && !map) return NONE;
  const found: MisshapenPart[] = [];
  const check = (value: unknown, part: keyof TaskSubmission, ...at: readonly (string | number)[]): void => {
    if (!isText(value)) found.push({ part, at: [part, ...at.map(String)], value, mustBe: TASK_KEY.mustBe });
  };
  const isShaped = (part: keyof TaskSubmission): boolean => !misshapen.some((wrong) => wrong.part === part);
  if (dependsOn && isShaped('dependsOn'))
    dependsOn.forEach((entry, index) => {
      if (!isText(entry)) check(entry.task, 'dependsOn', index, 'task');
    });
  if (refs && isShaped('refs')) refs.forEach((ref, index) => check(ref.task, 'refs', index, 'task'));
  if (when && isShaped('when')) check(when.task, 'when', 'task');
  if (map && isShaped('map')) {
    check(map.over.task, 'map', 'over', 'task');
    map.input.refs.forEach((ref, index) => check(ref.task, 'map', 'input', 'refs', index, 'task'));
  }
  return found;
}

/** What is said of such a part of the task with the key. */
export function misshapenProblem({ at, value, mustBe }: MisshapenPart, key: string): GraphProblem {
  return {
    code: 'GRAPH_INVALID',
    taskKey: show(key),
    message: `\`${at.join('.')}\` of "${show(key)}" is ${inMessage(value)}; it must be ${mustBe}.`,
    details: { path: `/${at.join('/')}` },
  };
}

/** What something can be made of: the task without such parts. */
export function withoutMisshapen(task: TaskSubmission): TaskSubmission {
  const parts = misshapenParts(task);
  if (parts.length === 0) return task;
  const rest: { -readonly [Part in keyof TaskSubmission]: TaskSubmission[Part] } = { ...task };
  for (const { part } of parts) {
    if (part === 'key') rest.key = inMessage(task.key);
    else delete rest[part];
  }
  return rest;
}

const JOB_NAME_CHARS = 500;

/** Why no part of a job can be looked at; empty where all can. */
export function misshapenJob(job: JobSubmission): readonly GraphProblem[] {
  if (!isObject(job)) return [jobProblem('The job', job, 'an object, `{ name, tasks }`')];
  const { name, tasks, steps = [] } = job;
  return [
    ...(isJobName(name) ? [] : [jobProblem('`name` of the job', name, `a text of 1 to ${JOB_NAME_CHARS} characters, not only blanks`)]),
    ...misshapenList('tasks', tasks),
    ...(steps === null ? [] : misshapenList('steps', steps)),
  ];
}

function isJobName(name: unknown): boolean {
  return isText(name) && name.trim() !== '' && name.length <= JOB_NAME_CHARS;
}

/** The same for a list of tasks. */
export function misshapenList(part: 'tasks' | 'steps', tasks: unknown): readonly GraphProblem[] {
  if (!Array.isArray(tasks)) return [jobProblem(`\`${part}\` of the job`, tasks, 'a list of tasks')];
  if (tasks.every(isObject)) return [];
  return tasks.flatMap((task: unknown, index) =>
    isObject(task) ? [] : [jobProblem(`\`${part}.${index}\` of the job`, task, 'an object, `{ key, … }`')],
  );
}

export function isInput(value: unknown): value is InputSubmission {
  return isObject(value) && 'value' in value && isListOfObjects((value as { readonly refs?: unknown }).refs);
}

function jobProblem(what: string, value: unknown, mustBe: string): GraphProblem {
  return { code: 'GRAPH_INVALID', message: `${what} is ${inMessage(value)}; it must be ${mustBe}.` };
}

function valueAt(task: TaskSubmission, at: readonly string[]): unknown {
  let value: unknown = task;
  at.forEach((part) => (value = (value as { readonly [part: string]: unknown } | null | undefined)?.[part]));
  return value;
}

/** In JSON, `null` says that there is none. */
function orNone(fits: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === null || fits(value);
}

function isMap(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { over, agent, input, items } = value as { readonly [part: string]: unknown };
  return isObject(over) && isText(agent) && isInput(input) && isListOfObjects(items);
}

function isListOfWaits(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => isText(entry) || isObject(entry));
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
