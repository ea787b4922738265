import type { CacheScope, KeepOptions, SharedEntry, SharedState, TaskCache } from '../authoring/context-state.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import { durationMs } from '../kernel/duration.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json } from '../kernel/json.js';
import type { EntryAddress, EntryBound, KeyValueStore, NewEntry } from '../ports/key-value-store.js';
import { entryScopes } from './entry-scopes.js';
import { toJsonText } from './memo.js';

const KEY_CHARS = 500;

export interface ContextStateParts {
  readonly entries: KeyValueStore;
  readonly clock: Clock;
  readonly tenant: string;
  readonly jobId: string;
  readonly no: number;
  /** Most of what all caches hold. */
  readonly cacheBound: EntryBound;
  /** Of one value, as JSON. */
  readonly maxBytes: number;
  /** @throws TaskloomError `ATTEMPT_ENDED` */
  readonly requireCurrent: () => void;
}

/** `ctx.cache` and `ctx.shared` of one attempt. */
export class ContextState {
  readonly cache: TaskCache;

  constructor(private readonly parts: ContextStateParts) {
    const { jobId, no } = parts;
    this.cache = {
      task: this.cacheScope(entryScopes.taskCache(jobId, no)),
      job: this.cacheScope(entryScopes.jobCache(jobId)),
      global: this.cacheScope(entryScopes.globalCache),
    };
  }

  /** @throws TaskloomError `NAME_INVALID` */
  shared(namespace: string): SharedState {
    if (!isName(namespace)) throw new TaskloomError('NAME_INVALID', `${show(namespace)} cannot name shared state: use ${NAME_RULE}.`);
    return this.sharedScope(entryScopes.shared(namespace));
  }

  private cacheScope(scope: string): CacheScope {
    const { entries, clock, cacheBound } = this.parts;
    return {
      get: <T extends Json>(key: string) =>
        handled(async () => {
          const found = await entries.get(this.address(scope, key), clock.now());
          return found === null ? undefined : (JSON.parse(found.value) as T);
        }),
      set: (key, value, options) =>
        handled(async () => {
          const address = this.address(scope, key);
          await entries.put(address, { ...this.entry(key, value, options), bound: cacheBound }, clock.now());
        }),
      delete: (key) => handled(async () => entries.delete(this.address(scope, key), clock.now())),
    };
  }

  private sharedScope(scope: string): SharedState {
    const { entries, clock } = this.parts;
    return {
      get: <T extends Json>(key: string) =>
        handled(async (): Promise<SharedEntry<T> | null> => {
          const found = await entries.get(this.address(scope, key), clock.now());
          return found && { ...found, value: JSON.parse(found.value) as T };
        }),
      put: (key, value, options) =>
        handled(async () => entries.put(this.address(scope, key), this.entry(key, value, options), clock.now())),
      compareAndSet: (key, version, value, options) =>
        handled(async () => {
          const address = this.address(scope, key);
          checkVersion(version);
          return entries.compareAndSet(address, version, this.entry(key, value, options), clock.now());
        }),
      delete: (key, { version } = {}) =>
        handled(async () => {
          const address = this.address(scope, key);
          if (version !== undefined) checkVersion(version);
          return entries.delete(address, clock.now(), version);
        }),
    };
  }

  private address(scope: string, key: string): EntryAddress {
    this.parts.requireCurrent();
    if (typeof key !== 'string' || key === '' || key.length > KEY_CHARS || /\p{Cc}/u.test(key) || !key.isWellFormed())
      throw invalid(`The key ${show(key)} must have 1 to ${KEY_CHARS} characters and no control characters.`);
    return { tenant: this.parts.tenant, scope, key };
  }

  private entry(key: string, value: Json, { ttl }: KeepOptions = {}): NewEntry {
    const { json } = toJsonText(value, this.parts.maxBytes, `The value of ${show(key)}`);
    if (ttl === undefined) return { value: json, expiresAt: null };
    const ttlMs = durationMs(ttl);
    if (ttlMs === null || ttlMs === 0)
      throw invalid(`\`ttl\` of ${show(key)} is ${inMessage(ttl)}; write a duration above 0, such as '10m'.`);
    return { value: json, expiresAt: this.parts.clock.now() + ttlMs };
  }
}

/** A promise that nobody may ever await, without its rejection ending the process: the agent's own `await` still throws. */
function handled<T>(act: () => Promise<T>): Promise<T> {
  const promise = act();
  promise.catch(() => undefined);
  return promise;
}

function checkVersion(version: number): void {
  if (!Number.isSafeInteger(version) || version < 0)
    throw invalid(`The version is ${inMessage(version)}; give the one that was read, or 0 where there was none.`);
}

function invalid(message: string): TaskloomError {
  return new TaskloomError('ENTRY_INVALID', message);
}

function show(text: unknown): string {
  return JSON.stringify(String(text).slice(0, 80).toWellFormed());
}
