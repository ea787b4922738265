import type { AlertView } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';

/** The alerts that last now, oldest first, then every change of one. */
export async function* alertUpdates(engine: GuardedEngine, signal: AbortSignal): AsyncGenerator<AlertView, void> {
  const left = new AbortController();
  // Listens before it reads, so that nothing falls between.
  const changes = engine.alertChanges({ signal: AbortSignal.any([signal, left.signal]) });
  try {
    const told = new Map<string, string>();
    for (const view of [...(await engine.alerts({ isActive: true }))].reverse()) {
      told.set(view.id, JSON.stringify(view));
      yield view;
    }
    for await (const view of changes) {
      // What was read already comes once.
      if (told.get(view.id) !== JSON.stringify(view)) yield view;
      told.delete(view.id);
    }
  } finally {
    left.abort();
  }
}
