import type { Catalog } from '../../shape/catalog.js';
import type { Emission, Emitter } from '../emitter.js';
import { nameCollisions } from '../text/name-collisions.js';
import { typeNameOf } from '../text/identifiers.js';
import { graphqlModule } from './graphql-module.js';

/** Where the resolvers lie in the output folder. */
export const GRAPHQL_PATH = 'graphql/workflows.resolvers.ts';

/**
 * Resolvers for the application's own GraphQL module: for each workflow a mutation that starts it and a query that reads
 * its job, with types of their own for input and output.
 */
export const graphqlEmitter: Emitter = {
  name: 'graphql',
  emit({ workflows }: Catalog): Emission {
    const diagnostics = nameCollisions(
      workflows,
      ({ name }) => typeNameOf(name),
      (name) => `would both be started by start${name}`,
    );
    return { files: [{ path: GRAPHQL_PATH, text: graphqlModule(workflows) }], diagnostics };
  },
};
