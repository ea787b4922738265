import type { Command } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { consequences } from './consequences.js';
import { decideClaim } from './decide-claim.js';
import { decideComplete, decideProgress, decideRecordStep, decideSkip } from './decide-completion.js';
import { decideCancel, decideRecover, decideRelease, decideReopen } from './decide-control.js';
import { decideFail, decideHandBack, decidePark } from './decide-failure.js';
import { decideSubmit } from './decide-submit.js';
import { decideSuspend, type GrowthLimits } from './decide-suspension.js';
import { evolve } from './evolve.js';
import type { JobState } from './job-state.js';

/**
 * What a command comes to, as events, without changing anything. A command that the state does not permit throws a
 * TaskloomError and leaves no trace.
 */
export function decide(state: JobState, command: Command, limits: GrowthLimits, now: number): JobEvent[] {
  switch (command.kind) {
    case 'submit':
      return decideSubmit(state, command, now);
    case 'claim':
      return decideClaim(state, command, now);
    case 'complete':
      return decideComplete(state, command, now);
    case 'fail':
      return decideFail(state, command, now);
    case 'skip':
      return decideSkip(state, command, now);
    case 'suspend':
      return decideSuspend(state, command, limits, now);
    case 'record-step':
      return decideRecordStep(state, command, now);
    case 'report-progress':
      return decideProgress(state, command, now);
    case 'park':
      return decidePark(state, command, now);
    case 'hand-back':
      return decideHandBack(state, command, now);
    case 'release':
      return decideRelease(state, command, now);
    case 'recover':
      return decideRecover(state, now);
    case 'cancel':
      return decideCancel(state, command, now);
    case 'reopen':
      return decideReopen(state, command, now);
  }
}

/** Decides a command, applies its events and all that follows from them. Returns every event applied, in order. */
export function step(state: JobState, command: Command, limits: GrowthLimits, now: number): JobEvent[] {
  const events = decide(state, command, limits, now);
  for (const event of events) evolve(state, event);
  if (events.length === 0) return events;
  for (let more = consequences(state, now); more.length > 0; more = consequences(state, now)) {
    for (const event of more) evolve(state, event);
    events.push(...more);
  }
  return events;
}
