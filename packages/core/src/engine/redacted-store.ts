import type { TextRedactor } from '../ledger/text-redactor.js';
import type { KeyValueStore, NewEntry } from '../ports/key-value-store.js';
import type { Store } from '../ports/store.js';

/** The store, but that what is kept beside jobs (schedules, shared state, results to be used again) is redacted first. */
export function redactedStore(store: Store, redactor: TextRedactor): Store {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'entries') return redactedEntries(target.entries, redactor);
      const part: unknown = Reflect.get(target, name, target);
      return typeof part === 'function' ? (part.bind(target) as unknown) : part;
    },
  });
}

function redactedEntries(entries: KeyValueStore, redactor: TextRedactor): KeyValueStore {
  const clean = (entry: NewEntry): NewEntry => ({ ...entry, value: redactor.jsonText(entry.value) });
  return {
    get: (...args) => entries.get(...args),
    put: (address, entry, now) => entries.put(address, clean(entry), now),
    compareAndSet: (address, version, entry, now) => entries.compareAndSet(address, version, clean(entry), now),
    delete: (...args) => entries.delete(...args),
    deleteScope: (...args) => entries.deleteScope(...args),
    countBelow: (...args) => entries.countBelow(...args),
    deleteExpired: (...args) => entries.deleteExpired(...args),
  };
}
