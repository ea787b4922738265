/** `jobUpdated` and `taskUpdated` push changes of a busy job at most this often; the last state is never left out. */
export const UPDATE_INTERVAL_MS = 50;
