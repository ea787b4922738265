import type { Catalog } from '../../shape/catalog.js';
import type { Emission, Emitter } from '../emitter.js';
import { entryTypes } from './entry-types.js';
import { manifestText } from './manifest-text.js';
import { MODULE_TYPES, ModuleNames } from './module-names.js';
import { moduleText } from './module-text.js';

/** The generated module's path in the output folder. */
export const MODULE_PATH = 'taskloom.generated.ts';

/** One TypeScript module: types, names, builders, and the manifest of schemas that classes do not give themselves. */
export const typescriptEmitter: Emitter = {
  name: 'typescript',
  emit(catalog: Catalog): Emission {
    const names = new ModuleNames(catalog, MODULE_TYPES);
    const types = [...catalog.agents, ...catalog.workflows].flatMap((entry) => entryTypes(entry, names)).join('\n');
    const text = moduleText(catalog, names, types, manifestText(catalog));
    return { files: [{ path: MODULE_PATH, text }], diagnostics: names.diagnostics };
  },
};
