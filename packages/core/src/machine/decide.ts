import type { Steps } from '../kernel/steps.js';
import type { Command, Submit } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { consequences } from './consequences.js';
import { withSpent, type Spending } from './costs.js';
import { decideClaim } from './decide-claim.js';
import { decideComplete, decideOverdue, decideProgress, decideRecordStep, decideSkip, decideStream } from './decide-completion.js';
import {
  decideCancel,
  decideCancelTask,
  decideHold,
  decideLiftHold,
  decideRelease,
  decideResume,
  decideSkipTask,
} from './decide-control.js';
import { decideFail, decideHandBack, decidePark, decideRecover } from './decide-failure.js';
import { decideAddDependency, decideAddTasks } from './decide-growth.js';
import { decidePublish } from './decide-publication.js';
import { decideReopen } from './decide-reopening.js';
import { decideAnswer } from './decide-requests.js';
import { decideAccept, decideReject } from './decide-review.js';
import { decideConfirm, decideSubmit } from './decide-submit.js';
import { decideSpawn, decideSuspend } from './decide-suspension.js';
import { decideTick } from './decide-tick.js';
import { evolve, evolveInSteps } from './evolve.js';
import type { MachineLimits } from './machine-limits.js';
import type { JobState } from './job-state.js';

/**
 * What a command comes to, as events, without changing anything. A command that the state does not permit throws a
 * TaskloomError and leaves no trace.
 */
export function decide(state: JobState, command: Command, limits: MachineLimits, now: number): JobEvent[] {
  switch (command.kind) {
    case 'submit':
      return decideSubmit(state, command, now);
    case 'claim':
      return decideClaim(state, command, now);
    case 'complete':
      return decideComplete(state, command, now);
    case 'fail':
      return decideFail(state, command, limits, now);
    case 'skip':
      return decideSkip(state, command, now);
    case 'suspend':
      return decideSuspend(state, command, limits, now);
    case 'spawn':
      return decideSpawn(state, command, limits, now);
    case 'publish':
      return decidePublish(state, command, limits, now);
    case 'record-step':
      return decideRecordStep(state, command, now);
    case 'report-progress':
      return decideProgress(state, command, now);
    case 'report-overdue':
      return decideOverdue(state, command, now);
    case 'report-stream':
      return decideStream(state, command, now);
    case 'park':
      return decidePark(state, command, now);
    case 'hand-back':
      return decideHandBack(state, command, now);
    case 'release':
      return decideRelease(state, command, now);
    case 'recover':
      return decideRecover(state, now);
    case 'tick':
      return decideTick(state, now);
    case 'confirm':
      return decideConfirm(state, command, now);
    case 'add-tasks':
      return decideAddTasks(state, command, limits, now);
    case 'add-dependency':
      return decideAddDependency(state, command, limits, now);
    case 'hold':
      return decideHold(state, command, now);
    case 'lift-hold':
      return decideLiftHold(state, command, now);
    case 'skip-task':
      return decideSkipTask(state, command, now);
    case 'cancel-task':
      return decideCancelTask(state, command, now);
    case 'accept-task':
      return decideAccept(state, command, now);
    case 'reject-task':
      return decideReject(state, command, now);
    case 'resume-task':
      return decideResume(state, command, now);
    case 'answer':
      return decideAnswer(state, command, now);
    case 'cancel':
      return decideCancel(state, command, now);
    case 'reopen':
      return decideReopen(state, command, now);
  }
}

/**
 * Decides a command, applies its events and all that follows from them. Events about attempts that have spent something take
 * that with them. Returns every event applied, in order.
 */
export function step(state: JobState, command: Command, limits: MachineLimits, now: number, spending?: Spending): JobEvent[] {
  const events = decide(state, command, limits, now);
  apply(state, events, spending);
  return followUp(state, command, events, now, spending);
}

/**
 * The same for the command that makes a job, in steps: nobody else sees its state yet, and its graph may be large. An attempt
 * can have spent nothing.
 */
export function* submitInSteps(state: JobState, command: Submit, now: number): Steps<JobEvent[]> {
  const events = decideSubmit(state, command, now);
  for (const event of events) yield* evolveInSteps(state, event);
  return followUp(state, command, events, now);
}

/** Applies what follows from events that were applied, until nothing does. Returns all of them. */
function followUp(state: JobState, command: Command, events: JobEvent[], now: number, spending?: Spending): JobEvent[] {
  if (events.length === 0) return events;
  for (;;) {
    const more = nextConsequences(state, command, now);
    if (more.length === 0) return events;
    apply(state, more, spending);
    for (const event of more) events.push(event);
  }
}

/** Applies events, after they were given what they take with them. */
function apply(state: JobState, events: JobEvent[], spending: Spending | undefined): void {
  for (let index = 0; index < events.length; index += 1) {
    if (spending !== undefined) events[index] = withSpent(state, events[index]!, spending);
    evolve(state, events[index]!);
  }
}

/** What follows from the last events, and, where the command is a tick, what else is due. */
function nextConsequences(state: JobState, command: Command, now: number): JobEvent[] {
  const more = consequences(state, now);
  return more.length > 0 || command.kind !== 'tick' ? more : decideTick(state, now);
}
