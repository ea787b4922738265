import type { Catalog } from '../../shape/catalog.js';
import type { Emission, Emitter } from '../emitter.js';
import { memberNameOf } from '../text/identifiers.js';
import { nameCollisions } from '../text/name-collisions.js';
import { clientModule } from './client-module.js';

/** Where the module lies in the output folder. */
export const CLIENT_PATH = 'client/workflows.client.ts';

/**
 * Every workflow with types of its own over `@taskloom/client`: start it, watch its jobs, answer their questions. The module
 * imports types alone, so that a browser may load it; it knows nothing of the other generated files.
 */
export const clientEmitter: Emitter = {
  name: 'client',
  emit({ workflows }: Catalog): Emission {
    const diagnostics = nameCollisions(
      workflows,
      ({ name }) => memberNameOf(name),
      (name) => `would both be called ${name} in the generated client`,
    );
    return { files: [{ path: CLIENT_PATH, text: clientModule(workflows) }], diagnostics };
  },
};
