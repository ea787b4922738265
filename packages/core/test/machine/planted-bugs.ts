/* Mistakes that are easily made in such a machine, several of them seen in other engines. The model suite must find each. */
import { ancestorsOf } from '../../src/machine/select-tasks.js';
import type { JobEvent } from '../../src/model/event.js';
import { TASK_STATUSES } from '../../src/model/task.js';
import type { Plant } from './plant.js';

/** Changes events of one type; `null` loses them. */
function changing<Type extends JobEvent['type']>(
  type: Type,
  change: (event: Extract<JobEvent, { type: Type }>, state: Parameters<NonNullable<Plant['events']>>[0]) => JobEvent | null,
): Plant {
  return {
    events: (state, events) =>
      events.flatMap((event) => {
        const changed = event.type === type ? change(event as Extract<JobEvent, { type: Type }>, state) : event;
        return changed ? [changed] : [];
      }),
  };
}

export const PLANTED_BUGS: { readonly [bug: string]: Plant } = {
  'a new attempt gets the fence of the one before': changing('TASK_STARTED', (event) => ({
    ...event,
    fence: Math.max(1, event.fence - 1),
  })),
  'the word of an attempt that is over is taken': {
    command: (state, command) => ('fence' in command ? { ...command, fence: state.tasks[command.task]?.fence ?? 0 } : command),
  },
  'a retry does not wait for its time': {
    command(state, command) {
      if (command.kind === 'claim' && state.tasks[command.task]) state.tasks[command.task]!.availableAt = 0;
      return command;
    },
  },
  'a crash gives the attempts back': {
    evolved(state, event) {
      if (event.type === 'TASK_ABANDONED') state.tasks[event.task]!.attempt = 0;
    },
  },
  'to cancel forgets tasks that wait for a retry': changing('TASKS_CANCELLED', (event, state) => ({
    ...event,
    tasks: event.tasks.filter((no) => !state.delayed.has(no)),
  })),
  'an event is applied and not written': { recorded: (events) => events.filter(({ type }) => type !== 'TASK_PROGRESSED') },
  'a skip is not passed on to what is below': changing('TASKS_SKIPPED', (event) =>
    event.cause.reason === 'PARENT_SKIPPED' ? null : event,
  ),
  'a child that failed is waited for': {
    evolved(state, event) {
      if (event.type !== 'TASK_FAILED') return;
      const { parent } = state.tasks[event.task]!;
      if (parent !== null) state.tasks[parent]!.openChildren += 1;
    },
  },
  'a task starts with one dependency open': {
    evolved(state, event) {
      if (event.type !== 'TASKS_ADDED') return;
      for (const { no } of event.specs) if (state.tasks[no]!.openDependencies > 1) state.tasks[no]!.openDependencies -= 1;
    },
  },
  'a retry keeps the attempts of the old generation': {
    evolved(state, event) {
      if (event.type === 'JOB_REOPENED') for (const no of event.tasks) state.tasks[no]!.attempt = 1;
    },
  },
  'a retry leaves what stands above as it is': changing('JOB_REOPENED', (event, state) => {
    const above = new Set(event.tasks.flatMap((no) => ancestorsOf(state, no)).filter((no) => no !== 0));
    return { ...event, tasks: event.tasks.filter((no) => !above.has(no)) };
  }),
  'a retry keeps what the old generation had asked for': changing('JOB_REOPENED', (event) => ({ ...event, superseded: [] })),
  'of several tasks asked for, one is not waited for': {
    evolved(state, event) {
      if (event.type === 'TASK_SUSPENDED' && state.tasks[event.task]!.awaited > 1) state.tasks[event.task]!.awaited -= 1;
    },
  },
  'a job succeeds although a task failed': changing('JOB_COMPLETED', (event) => ({ ...event, success: true })),
  'a changed row is not written': {
    evolved(state, event) {
      if (event.type === 'TASK_PARKED') state.touched.delete(event.task);
    },
  },
  'nobody wakes a task whose time has come': {
    evolved(state, event) {
      if (event.type === 'TASK_RETRY_SCHEDULED') state.delayed.delete(event.task);
    },
  },
  'recovery overlooks a task': {
    events: (_, events) =>
      events.filter(({ type }) => type === 'TASK_ABANDONED').length > 1 && events.at(-1)?.type === 'JOB_RECOVERED'
        ? events.slice(1)
        : events,
  },
  'a false condition is taken for true': changing('TASK_COMPLETED', (event) => ({ ...event, falseConditions: [] })),
  'a counter drifts': {
    evolved(state, event) {
      if (event.type === 'TASK_SKIPPED') state.counts[TASK_STATUSES.indexOf('SKIPPED')]! += 1;
    },
  },
  'a hold is forgotten': {
    evolved(state, event) {
      if (event.type === 'HOLD_PLACED') state.holds.delete(event.task);
    },
  },
  'what a lifted hold had held back is offered to nobody': {
    evolved(state, event) {
      if (event.type === 'HOLD_LIFTED') state.becameReady.length = 0;
    },
  },
  'a sleeper is never woken': {
    evolved(state, event) {
      if (event.type === 'TASK_SUSPENDED' && state.tasks[event.task]!.reason === 'WAITING_TIMER') state.delayed.delete(event.task);
    },
  },
  'a child that was spawned is not waited for': {
    events: (_, events) =>
      events.map((event): JobEvent => {
        if (event.type !== 'TASK_RETURNED') return event;
        const { reason: _reason, ...rest } = event;
        return { ...rest, type: 'TASK_COMPLETED' };
      }),
  },
  'a deadline does not end the task': {
    evolved(state, event) {
      if (event.type === 'TASKS_ADDED') state.withDeadline.clear();
    },
  },
  'an added dependency is not waited for': {
    evolved(state, event) {
      if (event.type === 'DEPENDENCY_ADDED' && state.tasks[event.task]!.openDependencies > 0)
        state.tasks[event.task]!.openDependencies -= 1;
    },
  },
  'a job begins before its start time': changing('JOB_SUBMITTED', (event) => ({
    ...event,
    waitsFor: event.waitsFor === 'start-time' ? null : event.waitsFor,
  })),
  'a job is confirmed and begins before its start time': changing('JOB_CONFIRMED', (event) => ({ ...event, waitsFor: null })),
  'what a task had spawned goes on without it': changing('TASKS_CANCELLED', (event) =>
    event.cause.reason === 'PARENT_ENDED' && event.cause.by !== 0 ? null : event,
  ),
  'a rejection is not counted': {
    evolved(state, event) {
      if (event.type === 'TASK_REJECTED' && !event.final) state.tasks[event.task]!.rejections -= 1;
    },
  },
  'what a rejected attempt had added counts for the next one': changing('TASK_REJECTED', (event) => ({ ...event, superseded: [] })),
  'the word of a reviewing agent is always yes': changing('TASK_REJECTED', ({ at, task, actor, message, ...event }) =>
    actor === 'agent' ? { type: 'TASK_ACCEPTED', at, task, actor, message } : { at, task, actor, message, ...event },
  ),
  'a task that nobody has accepted yet sets others free': {
    events: (state, events) =>
      events.map((event): JobEvent => {
        if (event.type !== 'TASK_RETURNED' || state.tasks[event.task]!.extras?.review?.by !== 'manual') return event;
        const { reason: _reason, ...rest } = event;
        return { ...rest, type: 'TASK_COMPLETED' };
      }),
  },
  'a fallback that is not needed sleeps for ever': changing('TASKS_SKIPPED', (event) =>
    event.cause.reason === 'NOT_NEEDED' ? null : event,
  ),
  'a task has failed although its fallback can still run': changing('TASK_REROUTED', ({ to: _to, ...event }) => ({
    ...event,
    type: 'TASK_FAILED',
  })),
  'an output is taken from a fallback that failed': {
    events: (state, events) =>
      events.map((event): JobEvent => {
        if (event.type !== 'TASK_FAILED' || state.tasks[event.task]!.reason !== 'WAITING_FALLBACK') return event;
        const { at, task, attempt } = event;
        return { type: 'TASK_COMPLETED', at, actor: 'engine', task, attempt, output: null, summary: null, falseConditions: [] };
      }),
  },
  'a question can be answered twice': {
    evolved(state, event) {
      if (event.type !== 'HUMAN_ANSWERED') return;
      const { request, task, name } = event;
      state.requests.set(request, {
        request,
        task,
        name,
        kind: 'question',
        deadline: null,
        onTimeout: 'decide',
        hash: '',
        holdsJob: false,
      });
    },
  },
  'an answer is taken although the question reads otherwise': {
    command: (_, command) => (command.kind === 'answer' ? { ...command, hash: null } : command),
  },
  'a question that nobody needs answered stays open': changing('HUMAN_WITHDRAWN', () => null),
  'the time to answer is forgotten': {
    evolved(state, event) {
      const request = event.type === 'HUMAN_REQUESTED' ? state.requests.get(event.request) : undefined;
      if (request) state.requests.set(request.request, { ...request, deadline: null });
    },
  },
  'an answer leaves the job held that had waited for it': {
    events: (_, events) => events.filter(({ type }, index) => type !== 'HOLD_LIFTED' || events[index + 1]?.type !== 'HUMAN_ANSWERED'),
  },
  'others start while a person decides about a failure': {
    evolved(state, event) {
      const request = event.type === 'HUMAN_REQUESTED' ? state.requests.get(event.request) : undefined;
      if (request?.kind === 'failure') state.requests.set(request.request, { ...request, kind: 'question' });
    },
  },
  'a message overtakes the one before it': changing('TASKS_ADDED', (event) => ({
    ...event,
    specs: event.specs.map((spec) => (spec.origin === 'delivery' ? { ...spec, dependencies: [] } : spec)),
  })),
  'one of several subscribers does not hear a message': changing('TASKS_ADDED', (event) =>
    event.count > 1 && event.specs[0]!.origin === 'delivery'
      ? { ...event, count: event.count - 1, specs: event.specs.slice(0, -1) }
      : event,
  ),
  'a dependent by mode "settled" is skipped like the others': {
    events: (state, events) =>
      events.flatMap((event): JobEvent[] => {
        if (event.type !== 'TASK_FAILED' || state.tasks[event.task]!.strategy === 'abort') return [event];
        const settled = state.tasks.filter(
          (task) => task.status === 'PENDING' && task.modes?.[task.dependencies.indexOf(event.task)] === 'settled',
        );
        if (settled.length === 0) return [event];
        const cause = { reason: 'DEPENDENCY_FAILED', by: event.task } as const;
        return [event, { type: 'TASKS_SKIPPED', at: event.at, actor: 'engine', tasks: settled.map(({ no }) => no), cause }];
      }),
  },
};
