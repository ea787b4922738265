import type { EventType, EventView } from '@taskloom/core';

import type { TaskScope } from './task-scope.js';

export interface EventNarrowing {
  /** `null`: of all types. */
  readonly types: readonly EventType[] | null;
  /** `null`: of all tasks and the job itself. */
  readonly scope: TaskScope | null;
}

/** The events that were asked for; the others are left out, so numbers are missing between them. */
export async function* narrowedEvents(events: AsyncIterable<EventView>, { types, scope }: EventNarrowing): AsyncGenerator<EventView, void> {
  const wanted = types && new Set(types);
  for await (const event of events) {
    if (wanted && !wanted.has(event.type)) continue;
    if (scope && !(await scope.concerns(event))) continue;
    yield event;
  }
}
