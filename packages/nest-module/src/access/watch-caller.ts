import type { ApiCaller } from './api-caller.js';

/** Timers longer than this fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export interface CallerWatch {
  readonly caller: ApiCaller;
  readonly recheckMs: number;
  /** Asks about the caller again. */
  readonly recheck: () => Promise<unknown>;
  /** The caller may not stay. Called at most once. */
  readonly onRefused: (why: 'the credentials have expired' | 'the caller is not admitted any more') => void;
}

/** Looks after a caller that stays: until its credentials expire, or until the application does not admit it any more. */
export function watchCaller({ caller, recheckMs, recheck, onRefused }: CallerWatch): () => void {
  let timer: NodeJS.Timeout;
  let isOver = false;
  const { expiresAt = Number.POSITIVE_INFINITY } = caller;

  const refuse: CallerWatch['onRefused'] = (why) => {
    if (isOver) return;
    isOver = true;
    onRefused(why);
  };
  const look = async (): Promise<void> => {
    if (expiresAt <= Date.now()) return refuse('the credentials have expired');
    try {
      await recheck();
    } catch {
      return refuse('the caller is not admitted any more');
    }
    if (!isOver) wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => void look(), Math.min(recheckMs, Math.max(expiresAt - Date.now(), 0), MAX_TIMER_MS));
    timer.unref();
  };
  wait();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
