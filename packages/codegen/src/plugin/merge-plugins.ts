import { diagnostic, GeneratorError } from '../diagnostics/diagnostic.js';
import type { Emitter } from '../emitter/emitter.js';
import type { TypeRule } from '../reader/types/type-rule.js';
import type { Catalog } from '../shape/catalog.js';
import type { GeneratorPlugin } from './generator-plugin.js';

/** Many plugins as one, in the order given. Whatever one of them throws carries its name. */
export function mergePlugins(plugins: readonly GeneratorPlugin[]): Required<GeneratorPlugin> {
  return {
    name: plugins.map(({ name }) => name).join(', '),
    rules: plugins.flatMap((plugin) => (plugin.rules ?? []).map((rule) => guardedRule(plugin, rule))),
    emitters: plugins.flatMap((plugin) => (plugin.emitters ?? []).map((emitter) => guardedEmitter(plugin, emitter))),
    needsPlans: plugins.some((plugin) => plugin.needsPlans === true),
    catalog: (catalog: Catalog) =>
      plugins.reduce((seen, plugin) => guarded(plugin, 'catalog', () => plugin.catalog?.(seen) ?? seen), catalog),
  };
}

function guardedRule(plugin: GeneratorPlugin, rule: TypeRule): TypeRule {
  return { name: rule.name, read: (type, place, walk) => guarded(plugin, `rule ${rule.name}`, () => rule.read(type, place, walk)) };
}

function guardedEmitter(plugin: GeneratorPlugin, emitter: Emitter): Emitter {
  return { name: emitter.name, emit: (catalog) => guarded(plugin, `emitter ${emitter.name}`, () => emitter.emit(catalog)) };
}

function guarded<Result>(plugin: GeneratorPlugin, part: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof GeneratorError) throw error;
    throw new GeneratorError([
      diagnostic(
        'PLUGIN_FAILED',
        `The plugin "${plugin.name}" failed (${part}): ${error instanceof Error ? error.message : String(error)}`,
      ),
    ]);
  }
}
