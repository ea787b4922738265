import { isTerminalTask, type StatusReason, type TaskStatus } from '../model/task.js';
import type { Why, WhyCode } from '../model/why.js';
import { isHeld, modeOf, type JobState, type TaskState } from './job-state.js';
import { satisfactionBy } from './satisfaction.js';

const SHOWN = 20;

/** What the dispatcher knows of a READY task: the limit that has no room for it. */
export interface LimitAnswer {
  readonly limit: string;
  readonly until?: number;
}

/** Why a task of a job in memory stands where it stands. */
export function explain(state: JobState, no: number, limitOf: (no: number) => LimitAnswer | null): Why {
  const task = state.tasks[no]!;
  if (isTerminalTask(task.status)) return explainEnd(task.status, task.reason, task.causedBy);
  if (state.status === 'AWAITING_CONFIRMATION') return why('WAITING_CONFIRMATION');
  if (!state.begun) return why('WAITING_START_TIME', { until: state.runAt });
  switch (task.status) {
    case 'IN_PROGRESS':
      return why('RUNNING');
    case 'DORMANT':
      return why('DORMANT', { blockers: [task.fallbackOf] });
    case 'BLOCKED':
      return explainBlocked(state, task);
    case 'READY':
      return explainReady(state, task, limitOf);
    default:
      return explainPending(state, task);
  }
}

function explainBlocked(state: JobState, task: TaskState): Why {
  switch (task.reason) {
    case 'WAITING_CHILDREN':
      return why('WAITING_CHILDREN', { blockers: openBelow(state, task) });
    case 'WAITING_DEPENDENCIES':
      return why('WAITING_NEEDS', { blockers: openBelow(state, task), requests: requestsOf(state, task.no) });
    case 'WAITING_HUMAN': {
      const requests = requestsOf(state, task.no);
      return why(requests.some(({ kind }) => kind === 'failure') ? 'FAILED_AND_ASKS' : 'WAITING_HUMAN', { requests });
    }
    case 'WAITING_REVIEW':
      return why('WAITING_REVIEW', { blockers: openBelow(state, task) });
    case 'WAITING_TIMER':
      return why('WAITING_TIMER', { until: task.availableAt });
    case 'WAITING_FALLBACK': {
      const { recovery } = task.extras ?? {};
      return why('WAITING_FALLBACK', { blockers: recovery?.kind === 'route-to' ? [recovery.task] : [] });
    }
    case 'AGENT_UNAVAILABLE':
      return why('AGENT_UNAVAILABLE');
    default:
      return why('MANUAL');
  }
}

function explainReady(state: JobState, task: TaskState, limitOf: (no: number) => LimitAnswer | null): Why {
  if (isHeld(state, task.no)) return explainHold(state, task);
  if (task.availableAt > 0) return why(task.nextReason === 'RETRY' ? 'WAITING_RETRY' : 'WAITING_START_TIME', { until: task.availableAt });
  const full = limitOf(task.no);
  return full ? why('WAITING_LIMIT', { limit: full.limit, until: full.until ?? null }) : why('READY');
}

function explainHold(state: JobState, task: TaskState): Why {
  const requests = [...state.requests.values()].filter(({ kind }) => kind === 'failure');
  if (requests.length > 0) return why('JOB_WAITS_FOR_DECISION', { blockers: requests.map((request) => request.task), requests });
  const held: number[] = [];
  for (let no: number | null = task.no; no !== null; no = state.tasks[no]!.parent) if (state.holds.has(no)) held.push(no);
  return why('HELD', { blockers: held });
}

function explainPending(state: JobState, task: TaskState): Why {
  const own = unsatisfied(state, task);
  if (own.length > 0) return why('WAITING_DEPENDENCIES', { blockers: own });
  for (let no = task.parent; no !== null; no = state.tasks[no]!.parent) {
    const above = unsatisfied(state, state.tasks[no]!);
    if (above.length > 0) return why('WAITING_PARENT', { blockers: above });
  }
  return why('READY');
}

function unsatisfied(state: JobState, task: TaskState): number[] {
  return task.dependencies.filter((on, index) => satisfactionBy(modeOf(task, index), state.tasks[on]!, task) !== 'satisfied');
}

function openBelow(state: JobState, task: TaskState): number[] {
  return task.children.filter((no) => !isTerminalTask(state.tasks[no]!.status));
}

function requestsOf(state: JobState, task: number): Why['requests'] {
  return [...state.requests.values()].filter((request) => request.task === task);
}

const BY_REASON: { readonly [Reason in StatusReason]?: WhyCode } = {
  DEPENDENCY_FAILED: 'SKIPPED_BY_DEPENDENCY',
  DEPENDENCY_SKIPPED: 'SKIPPED_BY_DEPENDENCY',
  CONDITION_FALSE: 'SKIPPED_BY_CONDITION',
  AGENT_SKIPPED: 'SKIPPED_BY_AGENT',
  PARENT_SKIPPED: 'SKIPPED_WITH_PARENT',
  CHILDREN_SKIPPED: 'SKIPPED_WITH_CHILDREN',
  NOT_NEEDED: 'NOT_NEEDED',
  BY_PERSON: 'BY_PERSON',
  JOB_CANCELLED: 'CANCELLED_WITH_JOB',
  JOB_FAILED: 'CANCELLED_WITH_JOB',
  JOB_TIMED_OUT: 'CANCELLED_WITH_JOB',
  PARENT_ENDED: 'CANCELLED_WITH_PARENT',
  SUPERSEDED: 'SUPERSEDED',
  CHILD_FAILED: 'FAILED_BY_CHILD',
  DEADLINE_PASSED: 'FAILED_BY_DEADLINE',
  REVIEW_FAILED: 'REJECTED',
  RECOVERED: 'RECOVERED',
};

/** Why a task ended as it did. `causedBy` is the task that brought it about, -1 for none. */
export function explainEnd(status: TaskStatus, reason: StatusReason | null, causedBy: number): Why {
  const code = (reason === null ? undefined : BY_REASON[reason]) ?? (status === 'FAILED' ? 'FAILED' : 'DONE');
  return why(code, { blockers: causedBy < 0 ? [] : [causedBy] });
}

function why(code: WhyCode, parts: Partial<Omit<Why, 'code'>> = {}): Why {
  const { blockers = [], limit = null, until = null, requests = [] } = parts;
  return {
    code,
    blockers: blockers.slice(0, SHOWN),
    limit,
    until,
    requests: requests.slice(0, SHOWN).map(({ request, kind, name }) => ({ request, kind, name })),
  };
}
