import type { Suspend, Verdict } from '../model/command.js';
import type { JsonText } from '../model/event.js';
import type { StoredError } from '../errors/serialize-error.js';
import type { Json } from '../kernel/json.js';

/** What a suspended attempt waits for. */
export type Waits = Omit<Suspend, 'kind' | 'task' | 'fence'>;

/** How an attempt ended, as data; `report` turns it into a command. */
export type Outcome =
  | {
      readonly kind: 'completed';
      readonly output: JsonText | 'children' | null;
      readonly value: Json | undefined;
      readonly summary: string | null;
      /** Id of the task whose result was used again. */
      readonly cachedFrom?: string;
      readonly verdict?: Verdict | null;
    }
  | {
      readonly kind: 'failed';
      readonly error: StoredError;
      /** The error as it was thrown, for whoever judges it. */
      readonly thrown: unknown;
      readonly timedOut: boolean;
      readonly retryable: boolean;
      readonly retryAfterMs: number;
      /** The error itself says whether it is worth another attempt. */
      readonly steered?: true;
      /** The failure ends the job, whatever the strategy. */
      readonly strategy?: 'abort';
    }
  | { readonly kind: 'skipped'; readonly message: string }
  | {
      readonly kind: 'suspended';
      readonly waits: Waits;
    }
  | { readonly kind: 'parked'; readonly reason: 'AGENT_UNAVAILABLE' | 'MANUAL'; readonly message: string }
  | { readonly kind: 'handed-back' };
