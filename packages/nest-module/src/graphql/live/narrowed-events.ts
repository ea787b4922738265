import type { EventType, EventView } from '@taskloom/core';

import type { TaskScope } from './task-scope.js';

export interface EventNarrowing {
  /** `null`: of all types. */
  readonly types: readonly EventType[] | null;
  /** `null`: of all tasks and the job itself. */
  readonly scope: TaskScope | null;
}

/** The events that were asked for; the others are left out, so numbers are missing between them. */
export async function* narrowedEvents(
  log: AsyncIterable<readonly EventView[]>,
  { types, scope }: EventNarrowing,
): AsyncGenerator<readonly EventView[], void> {
  const wanted = types && new Set(types);
  for await (const events of log) {
    const ofTypes = wanted ? events.filter((event) => wanted.has(event.type)) : events;
    const concerned = scope ? await Promise.all(ofTypes.map((event) => scope.concerns(event))) : null;
    yield concerned ? ofTypes.filter((_, index) => concerned[index]) : ofTypes;
  }
}
