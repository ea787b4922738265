import type { NewTask } from '../model/command.js';
import type { JsonText } from '../model/event.js';
import type { StoredError } from '../errors/serialize-error.js';
import type { Json } from '../kernel/json.js';

/** How an attempt ended, as data; `report` turns it into a command. */
export type Outcome =
  | {
      readonly kind: 'completed';
      readonly output: JsonText | 'children' | null;
      readonly value: Json | undefined;
      readonly summary: string | null;
      /** Id of the task whose result was used again. */
      readonly cachedFrom?: string;
    }
  | {
      readonly kind: 'failed';
      readonly error: StoredError;
      readonly timedOut: boolean;
      readonly retryable: boolean;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'skipped'; readonly message: string }
  | {
      readonly kind: 'suspended';
      readonly waitFor: 'needs' | 'children';
      readonly tasks: readonly NewTask[];
      readonly alreadyAsked: readonly number[];
    }
  | { readonly kind: 'parked'; readonly reason: 'AGENT_UNAVAILABLE' | 'MANUAL'; readonly message: string }
  | { readonly kind: 'handed-back' };
