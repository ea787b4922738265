import { TaskloomError } from '../errors/taskloom-error.js';
import { durationMs, momentMs } from '../kernel/duration.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { isObject } from '../kernel/is-object.js';
import { findJsonProblem } from '../kernel/json.js';
import { MISSED_TICKS, OVERLAPS, type ScheduleOptions, type ScheduleView } from '../model/schedule.js';
import { cronProblem, nextTick, type TickTimes } from '../services/next-tick.js';
import type { StoredSchedule } from '../services/schedule-entries.js';
import { checkJobOptions } from './job-options.js';
import { refuseUnknown } from './option-checks.js';

const OPTIONS = ['id', 'workflow', 'every', 'cron', 'timezone', 'startAt', 'endAt', 'missed', 'overlap', 'input', 'options'];
const LEAST_EVERY_MS = 1_000;
const DEFAULT_TENANT = 'default';

export interface ScheduleContext {
  readonly now: number;
  readonly declared: boolean;
  readonly agentNames: ReadonlySet<string>;
}

/** @throws TaskloomError `SCHEDULE_INVALID` for what is no schedule at all */
export function requireObject(given: ScheduleOptions): void {
  if (isObject(given)) return;
  const problem = `The schedule is ${inMessage(given)}; it must be an object, such as \`{ id: 'nightly', workflow: 'report', every: '1d' }\`.`;
  throw new TaskloomError('SCHEDULE_INVALID', problem, { details: { problems: [problem] } });
}

/**
 * Checks what a schedule says and completes it.
 *
 * @throws TaskloomError `SCHEDULE_INVALID` with everything that is wrong; `OPTIONS_INVALID` for options of its jobs
 */
export function parseSchedule(given: ScheduleOptions, { now, declared, agentNames }: ScheduleContext): StoredSchedule {
  const { id, workflow, every, cron, timezone = 'UTC', missed = 'once', overlap = 'skip', input = null, options = {} } = given;
  const problems: string[] = [];
  refuseUnknown(given, OPTIONS, '', problems);
  if (!isName(id)) problems.push(`\`id\` is ${inMessage(id)}: use ${NAME_RULE}.`);
  if ((every === undefined) === (cron === undefined)) problems.push('Give it either `every` or `cron`.');
  const everyMs = every === undefined ? null : durationMs(every);
  if (every !== undefined && (everyMs === null || everyMs < LEAST_EVERY_MS))
    problems.push(`\`every\` is ${inMessage(every)}; write a duration from one second to ten years, such as '15m'.`);
  const zoneProblem = isTimezone(timezone) ? null : `\`timezone\` is ${inMessage(timezone)}; write an IANA name such as 'Europe/Berlin'.`;
  if (zoneProblem) problems.push(zoneProblem);
  const lineProblem = cron === undefined || zoneProblem ? null : cronProblem(cron, timezone);
  if (lineProblem) problems.push(`\`cron\` is ${inMessage(cron)}: ${lineProblem}.`);
  const startAt = moment('startAt', given.startAt, problems);
  const endAt = moment('endAt', given.endAt, problems);
  if (!MISSED_TICKS.includes(missed)) problems.push(`\`missed\` must be one of ${MISSED_TICKS.join(', ')}.`);
  if (!OVERLAPS.includes(overlap)) problems.push(`\`overlap\` must be one of ${OVERLAPS.join(', ')}.`);
  const inputProblem = findJsonProblem(input);
  if (inputProblem) problems.push(`\`input\` is not JSON at ${inputProblem.path || '(root)'}: ${inputProblem.reason}.`);
  if (typeof options === 'object' && options !== null && 'idempotencyKey' in options)
    problems.push("`options.idempotencyKey` is the schedule's own: each tick has its key.");
  const times: TickTimes = {
    everyMs,
    cron: cron ?? null,
    timezone,
    anchor: startAt === null ? now : startAt - (everyMs ?? 0),
    startAt,
    endAt,
  };
  const nextAt = problems.length > 0 ? null : nextTick(times, now);
  if (problems.length === 0 && nextAt === null) problems.push('No tick is left: the times end before the first one.');
  if (problems.length > 0) throw new TaskloomError('SCHEDULE_INVALID', problems.join(' '), { details: { problems } });
  checkJobOptions(options, agentNames);
  return {
    ...times,
    id,
    tenant: options.tenant ?? DEFAULT_TENANT,
    workflow,
    missed,
    overlap,
    input,
    options,
    declared,
    paused: false,
    nextAt,
    lastAt: null,
    lastJobId: null,
    lastProblem: null,
    createdAt: now,
  };
}

export function toScheduleView(schedule: StoredSchedule): ScheduleView {
  const { everyMs, options: _options, anchor: _anchor, ...rest } = schedule;
  return { ...rest, every: everyMs };
}

/** Whether two schedules say the same, whatever has become of them. */
export function isSameSchedule(a: StoredSchedule, b: StoredSchedule): boolean {
  return wordsOf(a) === wordsOf(b);
}

function wordsOf({
  id,
  tenant,
  workflow,
  missed,
  overlap,
  input,
  options,
  everyMs,
  cron,
  timezone,
  startAt,
  endAt,
}: StoredSchedule): string {
  return JSON.stringify([id, tenant, workflow, missed, overlap, input, options, everyMs, cron, timezone, startAt, endAt]);
}

function moment(name: string, given: unknown, problems: string[]): number | null {
  if (given === undefined) return null;
  const ms = momentMs(given);
  if (ms === null) problems.push(`\`${name}\` is ${inMessage(given)}; it must be a date, an ISO 8601 text or milliseconds since 1970.`);
  return ms;
}

function isTimezone(timezone: unknown): timezone is string {
  try {
    return typeof timezone === 'string' && new Intl.DateTimeFormat('en', { timeZone: timezone }).format() !== '';
  } catch {
    return false;
  }
}
