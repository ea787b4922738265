import { setTimeout as pause } from 'node:timers/promises';

import { isConnectionLost, isRace, storeError } from './postgres-errors.js';

const PAUSE_MS = 100;
/** Connections of a pool may have died with the server without that anybody has missed them yet. */
const IMPATIENT_TRIES = 3;

export interface Patience {
  /** Whether the server is waited for while it is away. */
  readonly isPatient: boolean;
  /** What cannot be waited for any more. */
  readonly isClosing: () => boolean;
  /** Other errors after which nothing was changed and the same may succeed. Default: those of races. */
  readonly mayRepeat?: (error: unknown) => boolean;
}

/**
 * Does something again where it certainly has changed nothing: the connection was lost, or others came in between. `act` tells
 * by its argument from when on a lost connection leaves that open.
 *
 * @throws TaskloomError `STORE_UNAVAILABLE`, `INTERNAL`
 */
export async function repeated<T>(
  act: (onCommit: () => void) => Promise<T>,
  { isPatient, isClosing, mayRepeat = isRace }: Patience,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    let isCommitting = false;
    try {
      return await act(() => (isCommitting = true));
    } catch (error) {
      const isLost = isConnectionLost(error);
      const changedNothing = (isLost && !isCommitting) || mayRepeat(error);
      if (!changedNothing || isClosing() || (tries >= IMPATIENT_TRIES && !isPatient)) throw storeError(error);
      if (isLost && tries > 1) await pause(PAUSE_MS);
    }
  }
}
