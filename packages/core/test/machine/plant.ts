import { consequences } from '../../src/machine/consequences.js';
import { decide } from '../../src/machine/decide.js';
import { decideTick } from '../../src/machine/decide-tick.js';
import { evolve } from '../../src/machine/evolve.js';
import type { JobState } from '../../src/machine/job-state.js';
import type { Command } from '../../src/model/command.js';
import type { JobEvent } from '../../src/model/event.js';
import type { Machine } from '../../src/testing/machine/machine-under-test.js';

/** Where a planted bug takes hold. What is left out does what the machine does. */
export interface Plant {
  /** Changes a command, or what it meets, before it is decided. */
  command?(state: JobState, command: Command): Command;
  /** Changes what was decided: events that are lost or wrong. */
  events?(state: JobState, events: JobEvent[]): JobEvent[];
  /** Spoils the state after an event was applied, now and at every later fold. */
  evolved?(state: JobState, event: JobEvent): void;
  /** Changes what is written down of the events that were applied. */
  recorded?(events: JobEvent[]): JobEvent[];
}

/** The machine with a bug planted in it: the same pure functions, put together in the same order. */
export function withPlant(plant: Plant): Machine {
  const evolveWrongly = (state: JobState, event: JobEvent): void => {
    evolve(state, event);
    plant.evolved?.(state, event);
  };
  return {
    evolve: evolveWrongly,
    step(state, given, limits, now) {
      const command = plant.command?.(state, given) ?? given;
      const apply = (decided: JobEvent[]): JobEvent[] => {
        const events = plant.events?.(state, decided) ?? decided;
        for (const event of events) evolveWrongly(state, event);
        return events;
      };
      const first = decide(state, command, limits, now);
      const all = [...apply(first)];
      const next = (): JobEvent[] => {
        const more = consequences(state, now);
        return more.length > 0 || command.kind !== 'tick' ? more : decideTick(state, now);
      };
      // A bug may bring about without end what it does not let come about.
      if (first.length > 0) for (let more = next(); more.length > 0 && all.length < 500; more = next()) all.push(...apply(more));
      return plant.recorded?.(all) ?? all;
    },
  };
}
