import { DEFAULTS } from '../engine/presets.js';
import { isStore, parseStore, type ParsedStoreOptions, type StoreOptions } from '../engine/store-options.js';
import { ConfigError } from '../errors/definition-errors.js';

/** The completed form of where a store keeps its state, as for `createEngine`. @throws ConfigError with all problems */
export function completeStoreOptions(given: StoreOptions): ParsedStoreOptions {
  const problems: string[] = [];
  const parsed = parseStore(given, DEFAULTS, undefined, problems);
  if (problems.length > 0 || isStore(parsed)) throw new ConfigError(problems);
  return parsed;
}
