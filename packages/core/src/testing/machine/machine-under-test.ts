import { step } from '../../machine/decide.js';
import { evolve } from '../../machine/evolve.js';
import type { MachineLimits } from '../../machine/machine-limits.js';
import type { JobState } from '../../machine/job-state.js';
import type { Command } from '../../model/command.js';
import type { JobEvent } from '../../model/event.js';

/** The functions of the machine that change a job, so that a test can put broken ones in their place. */
export interface Machine {
  step(state: JobState, command: Command, limits: MachineLimits, now: number): JobEvent[];
  evolve(state: JobState, event: JobEvent): void;
}

export const realMachine: Machine = { step, evolve };
