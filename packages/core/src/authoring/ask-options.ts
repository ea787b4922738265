import type { Duration } from '../kernel/duration.js';
import type { JsonObject } from '../kernel/json.js';
import type { TimeoutAction } from '../model/human-request.js';
import type { Schema } from './schema.js';

/** A question of an agent to a person. */
export interface AskOptions<Answer extends Schema = Schema> {
  /** What people read. */
  readonly question: string;
  /** What the question is about, shown beside it: at most 16 KiB as JSON. */
  readonly about?: JsonObject;
  /** What an answer must look like. Default: any JSON. */
  readonly schema?: Answer;
  /** How long the question stays open, as a duration from now, or the moment it closes. Default: for ever. */
  readonly deadline?: Duration | Date;
  /**
   * What happens at the deadline. `decide` (default): `ask` returns `{ timedOut: true }`; `pause`: the job pauses until an
   * operator resumes it, and the question stays open; `fail`: `ask` throws `HUMAN_TIMEOUT`.
   */
  readonly onTimeout?: TimeoutAction;
  /**
   * Whom the question is meant for, in the application's own words (a person, a team, a queue): a label that can be filtered,
   * which gives nobody any right. Default: its task's.
   */
  readonly assignee?: string;
}

/** What `ctx.ask` comes to. */
export type Answered<Value> =
  | { readonly timedOut: false; readonly answer: Value; /** Who answered, as events show it. */ readonly by: string | null }
  | { readonly timedOut: true; readonly answer: null; readonly by: null };
