import type { EventView } from '@taskloom/core';

/** Selections that are remembered of one event; what more clients select in other ways is made for each. */
const MOST_SELECTIONS = 4;

/** What was made of events for one subscriber, for the others who select the same. Lives as long as the events do. */
export class SharedTexts {
  private readonly texts = new WeakMap<EventView, Map<string, string>>();

  get(event: EventView, selection: string): string | undefined {
    return this.texts.get(event)?.get(selection);
  }

  set(event: EventView, selection: string, text: string): void {
    const known = this.texts.get(event);
    if (!known) this.texts.set(event, new Map([[selection, text]]));
    else if (known.size < MOST_SELECTIONS) known.set(selection, text);
  }
}
