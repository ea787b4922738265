import type { Emitter } from '../emitter/emitter.js';
import type { TypeRule } from '../reader/types/type-rule.js';
import type { Catalog } from '../shape/catalog.js';

/**
 * Something added to the generator: ways to read types, ways to write files, or a look at what was read. Everything may be
 * left out; a plugin without any of it changes nothing. The generator's own emitters are plugins like this one.
 */
export interface GeneratorPlugin {
  /** Shown where the plugin fails. */
  readonly name: string;
  /** Kinds of types that the plugin reads, asked before the standard ones. */
  readonly rules?: readonly TypeRule[];
  /** Files that the plugin writes into the output folder. */
  readonly emitters?: readonly Emitter[];
  /**
   * Whether to run `plan` of each workflow that has an example input, so that the catalog has their graphs. Default false: it
   * takes a process, and modules must load in it.
   */
  readonly needsPlans?: boolean;
  /** Sees the catalog before it is written, and gives back that one or another. */
  readonly catalog?: (catalog: Catalog) => Catalog;
}

/** Gives a plugin its type, and refuses one that is none. */
export function defineGeneratorPlugin(plugin: GeneratorPlugin): GeneratorPlugin {
  if (typeof plugin.name !== 'string' || plugin.name === '') throw new TypeError('A generator plugin needs a name.');
  return plugin;
}
